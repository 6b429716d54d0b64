import { spawn } from 'node:child_process'
import { join, resolve as absolute } from 'node:path'
import { nodeEnv } from './node-env.ts'

const root = join(import.meta.dirname, '../../..')
const main = 'server/src/main.ts'
const ready = /Lookalike is ready at (\S+)/

/**
 * Starts the real entry point, or another one, in a process of its own with only the given settings.
 *
 * `url` is null when the process ended before it was ready; `output()` says why.
 *
 * @param command what runs it, given the command line of Node; Node itself when absent
 * @param entryArgs what the entry point is given
 */
export async function startProcess(
  env: Record<string, string>,
  cwd: string,
  entry = main,
  command: string[] = [],
  entryArgs: string[] = [],
) {
  const [program = process.execPath, ...args] = [
    ...command,
    process.execPath,
    absolute(root, entry),
    ...entryArgs,
  ]
  const child = spawn(program, args, {
    cwd, // where no .env lies
    env: { ...nodeEnv, PORT: '0', ...env },
  })
  let output = ''
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const url = await new Promise<string | null>((resolve) => {
    const collect = (chunk: Buffer) => {
      output += chunk.toString()
      const [, address] = ready.exec(output) ?? []
      if (address) resolve(address)
    }
    child.stdout.on('data', collect)
    child.stderr.on('data', collect)
    void ended.then(() => resolve(null))
  })
  return {
    url,
    pid: child.pid,
    output: () => output,
    /** The exit code; null when a signal ended it. */
    ended,
    /** Sends SIGHUP, which ends nothing. */
    hangup: () => child.kill('SIGHUP'),
    async kill(signal: NodeJS.Signals) {
      child.kill(signal)
      return ended
    },
  }
}
