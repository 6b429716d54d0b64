import { spawnSync } from 'node:child_process'
import { root } from './lock.ts'

/**
 * Known advisories about what the lock has. Exit code 1 where there is a high or a critical one; 0 where there is none,
 * and where the registry does not answer such questions, as mirrors often do not.
 */
interface Audit {
  readonly message?: string
  readonly vulnerabilities?: Record<string, { readonly severity: string; readonly range: string }>
}

const { stdout } = spawnSync('npm', ['audit', '--json', '--package-lock-only'], {
  cwd: root,
  encoding: 'utf8',
  timeout: 120_000,
})
const { vulnerabilities, message } = read(stdout)
if (!vulnerabilities) {
  console.log(`Not checked: the registry does not answer (${message ?? 'nothing came'}).`)
} else {
  const found = Object.entries(vulnerabilities)
  for (const [name, { severity, range }] of found) console.log(`${severity}: ${name} ${range}`)
  console.log(`${found.length} advisories for what package-lock.json has.`)
  if (found.some(([, { severity }]) => ['high', 'critical'].includes(severity)))
    process.exitCode = 1
}

function read(text: string): Audit {
  try {
    return JSON.parse(text) as Audit
  } catch {
    return {}
  }
}
