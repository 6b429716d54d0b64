import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { nodeEnv } from './node-env.ts'

const root = join(import.meta.dirname, '../../..')

/**
 * Starts a server by a script of package.json as a person does, through npm and its shell.
 *
 * `url` is null when it ended before it was ready; `output()` says why.
 */
export async function npm(args: string[], env: Record<string, string>) {
  const child = spawn('npm', args, {
    cwd: root,
    env: { ...nodeEnv, PORT: '0', ...env },
    // Kept off the group of the tests: a signal reaches npm alone unless it is sent to its group.
    detached: true,
  })
  let output = ''
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = await new Promise<string | null>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString()
      const [, address] = /Lookalike is ready at (\S+)/.exec(output) ?? []
      if (address) resolve(address)
    })
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
    void ended.then(() => resolve(null))
  })
  return { pid: child.pid!, url, ended, output: () => output }
}
