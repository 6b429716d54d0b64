import { Command } from 'commander'
import { errorLine } from '../failure.ts'
import type { Session } from '../session.ts'
import type { Terminal } from '../terminal/terminal.ts'
import { feedbackCommands } from './feedback.ts'
import { keyCommands } from './keys.ts'
import { libraryCommands } from './library.ts'
import { exportCommand, importCommand } from './moving.ts'
import { packageVersion } from '../package-version.ts'
import { searchingCommands } from './searching.ts'
import { serverCommands } from './server.ts'
import { standingCommands } from './standing.ts'

const afterHelp = `
Environment:
  LOOKALIKE_URL      where the server is (http://127.0.0.1:8000)
  LOOKALIKE_API_KEY  one of its keys, when it asks for one

Exit codes:
  0 fine, 1 something failed, 2 wrong usage, 130 stopped by Ctrl-C`

/**
 * The command line: names, options and help, in the order of the help; the work is done in `../commands/`.
 *
 * @param session opened by the command that runs, once the options are read
 */
export function buildProgram(terminal: Terminal, session: () => Session): Command {
  const program = new Command('lookalike')
    .description('Find images that look alike, and look after the library they are in.')
    .option('--url <url>', 'where the server is, instead of LOOKALIKE_URL')
    .option('--json', 'print JSON')
    .version(packageVersion(), '--version', 'print the version of this command')
    .addHelpText('after', afterHelp)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void terminal.out(text),
      writeErr: (text) => terminal.err(text),
      outputError: (text, write) => write(errorLine(sentenceOf(text))),
    })

  const groups = [
    importCommand,
    searchingCommands,
    libraryCommands,
    standingCommands,
    feedbackCommands,
    keyCommands,
    serverCommands,
    exportCommand,
  ]
  for (const add of groups) add(program, session)
  return program
}

/** Commander's `error: unknown option '--x'`, put like every other error. */
function sentenceOf(text: string): string {
  const message = text.replace(/^error: /, '')
  return message.charAt(0).toUpperCase() + message.slice(1)
}
