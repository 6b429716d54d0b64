import { CommanderError } from 'commander'
import { CommandError, exitCodes, reasonOf } from './failure.ts'
import { buildProgram } from './program.ts'
import { openSession, type SessionOptions } from './session.ts'
import type { Terminal } from './terminal/terminal.ts'

/** Runs one command, tells errors in a sentence, and returns the exit code. */
export async function run(
  args: string[],
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
): Promise<number> {
  let failed = false
  const onFailure = () => {
    failed = true
  }
  const program = buildProgram(terminal, () =>
    openSession(program.opts<SessionOptions>(), terminal, env, onFailure),
  )
  try {
    await program.parseAsync(args, { from: 'user' })
    return failed ? exitCodes.failed : exitCodes.fine
  } catch (error) {
    // Commander has said already what it did not like.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage
    terminal.err(`lookalike: ${reasonOf(error)}\n`)
    return error instanceof CommandError ? error.exitCode : exitCodes.failed
  }
}
