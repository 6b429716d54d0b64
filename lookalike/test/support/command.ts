import { run, type Terminal } from '@lookalike/cli'
import { serverCommands } from '../../src/program.ts'

/** Runs a command in this process, nobody watching. */
export async function lookalike(args: string[], env: NodeJS.ProcessEnv = {}) {
  const said = { out: '', err: '' }
  const terminal: Terminal = {
    out: async (text) => void (said.out += text),
    err: (text) => void (said.err += text),
    outColumns: Number.POSITIVE_INFINITY,
    graphics: async () => null,
    barColumns: 0,
    ask: null,
  }
  const code = await run(args, terminal, env, await serverCommands(args))
  return { code, ...said }
}
