import { execSync, spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { installCommand } from '../../src/embedders/local/runtime.ts'

// Installs the library that runs models, by the command that people are told, into a folder of its own, and tests with it.

const root = join(import.meta.dirname, '../../..')
const dataDir = join(root, 'node_modules', '.local-models')
const runtime = join(dataDir, 'models', 'runtime')

/** What npm says where there is no way to a registry, or the registry is in trouble. */
const unreachable =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|E40[134]|E5\d\d)\b/

try {
  mkdirSync(runtime, { recursive: true })
  execSync(installCommand(dataDir), {
    cwd: root,
    stdio: 'pipe',
    encoding: 'utf8',
    // Whoever has no network is not kept waiting for minutes.
    env: { npm_config_fetch_retries: '1', npm_config_fetch_timeout: '60000', ...process.env },
  })
} catch (error) {
  const said = `${(error as { stderr?: string }).stderr ?? error}`
  if (!unreachable.test(said)) {
    console.error(said)
    process.exit(1)
  }
  console.log(
    'SKIPPED: test:local needs a registry to install @huggingface/transformers from, and none',
  )
  console.log(
    `can be reached. Nothing of EMBEDDER=local was tested with its library.\n${said.trim()}`,
  )
  process.exit(0)
}

const vitest = ['vitest', 'run', 'server/test/local-models', '--maxWorkers=1']
const { status } = spawnSync('npx', vitest, {
  cwd: root,
  stdio: 'inherit',
  env: { ...process.env, LOCAL_RUNTIME: runtime },
})
process.exit(status ?? 1)
