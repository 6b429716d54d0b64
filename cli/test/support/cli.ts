import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { nodeEnv } from '../../../server/test/support/node-env.ts'
import { run } from '../../src/run.ts'
import type { Terminal } from '../../src/terminal/terminal.ts'

const main = join(import.meta.dirname, '../../../lookalike/src/main.ts')

export interface Ran {
  code: number
  out: string
  err: string
}

/** Runs one command in this process, nobody watching unless `terminal` says otherwise. */
export async function cli(
  url: string,
  args: string[],
  terminal: Partial<Terminal> = {},
): Promise<Ran> {
  const said = { out: '', err: '' }
  const code = await run(
    args,
    {
      out: async (text) => void (said.out += text),
      err: (text) => void (said.err += text),
      outColumns: Number.POSITIVE_INFINITY,
      graphics: async () => null,
      barColumns: 0,
      ask: null,
      ...terminal,
    },
    { LOOKALIKE_URL: url },
  )
  return { code, ...said }
}

/** Starts the real program, for what needs signals or pipes. */
export function spawnCli(
  url: string,
  args: string[],
  env: Record<string, string> = {},
  cwd?: string,
) {
  const child = spawn(process.execPath, [main, ...args], {
    cwd,
    env: { ...nodeEnv, LOOKALIKE_URL: url, ...env },
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', (chunk: Buffer) => (said.out += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (said.err += chunk.toString()))
  const ended = new Promise<Ran>((resolve) =>
    child.once('close', (code) => resolve({ code: code ?? -1, ...said })),
  )
  return {
    ended,
    said,
    stdin: child.stdin,
    kill: (signal: NodeJS.Signals) => child.kill(signal),
  }
}
