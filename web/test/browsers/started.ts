import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

const patienceMs = 30_000

/**
 * Starts a program and waits for a line it says.
 *
 * @returns what `line` matches of it, and how to end the program
 */
export async function started(
  command: string,
  args: readonly string[],
  line: RegExp,
  env: Record<string, string> = {},
) {
  const child = spawn(command, args, { env: { ...process.env, ...env } })
  const said: string[] = []
  const stop = () =>
    new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve()
      child.once('exit', () => resolve())
      child.kill()
    })
  const match = await new Promise<RegExpExecArray>((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`${command} ${why}:\n${said.join('\n')}`))
    const timer = setTimeout(() => fail('did not start'), patienceMs)
    child.once('error', (error) => fail(error.message))
    child.once('exit', () => fail('ended'))
    for (const stream of [child.stdout, child.stderr]) {
      createInterface(stream).on('line', (text) => {
        said.push(text)
        const found = line.exec(text)
        if (!found) return
        clearTimeout(timer)
        resolve(found)
      })
    }
  }).catch(async (error: unknown) => {
    await stop()
    throw error
  })
  return { match, stop }
}
