import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jpeg } from '../support/pictures.ts'
import { startServer } from '../support/server.ts'
import { Absent, pythonPackage } from './tools.ts'

/**
 * `npm run test:openapi`: schemathesis makes requests out of the description of the API, and holds every answer
 * to it. It is not part of `npm test`, which makes requests of its own in the same way.
 */
const seed = process.env['FUZZ_SEED'] ?? '1'
const examples = process.env['FUZZ_EXAMPLES'] ?? '20'

const server = await startServer()
// Where it keeps notes of its own.
const folder = await mkdtemp(join(tmpdir(), 'lookalike-schemathesis-'))
try {
  for (const number of [1, 2, 3]) {
    await server.index(await jpeg(number), { metadata: JSON.stringify({ album: 'Harz', number }) })
  }
  const program = join(await pythonPackage('schemathesis', '4.32.5'), 'schemathesis')
  for (const file of ['schemathesis.toml', 'hooks.py']) {
    await cp(join(import.meta.dirname, file), join(folder, file))
  }
  const run = ['run', `${server.url}/openapi.json`, '--max-examples', examples, '--seed', seed]
  const tester = spawn(program, run, { stdio: 'inherit', cwd: folder })
  const [code] = (await once(tester, 'exit')) as [number | null]
  process.exitCode = code ?? 1
} catch (error) {
  if (!(error instanceof Absent)) throw error
  console.log(error.message)
} finally {
  await server.stop()
  await rm(folder, { recursive: true })
}
