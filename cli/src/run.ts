import { type Command, CommanderError } from 'commander'
import { errorLine, exitCodeOf, exitCodes, reasonOf } from './failure.ts'
import { buildProgram } from './program/program.ts'
import { openSession, type SessionOptions } from './session.ts'
import type { Terminal } from './terminal/terminal.ts'

/** What commands are given that somebody else adds. */
export interface Extension {
  readonly terminal: Terminal
  /** Notes that something failed, though the command went on. */
  readonly fail: () => void
}

/**
 * Runs one command, prints an error as one line, and returns the exit code.
 *
 * @param extend adds commands of whoever has more to offer
 */
export async function run(
  args: string[],
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
  extend: (program: Command, extension: Extension) => void = () => {},
): Promise<number> {
  let failed = false
  const onFailure = () => {
    failed = true
  }
  const program = buildProgram(terminal, () =>
    openSession(program.opts<SessionOptions>(), terminal, env, onFailure),
  )
  extend(program, { terminal, fail: onFailure })
  try {
    await program.parseAsync(args, { from: 'user' })
    return failed ? exitCodes.failed : exitCodes.fine
  } catch (error) {
    // Commander has printed already what it did not like.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage
    terminal.err(errorLine(reasonOf(error)))
    return exitCodeOf(error)
  }
}
