import type { Command } from 'commander'
import { serveTools } from '../commands/mcp.ts'
import { planLibrary } from '../commands/plan.ts'
import { showStatus } from '../commands/status.ts'
import type { Session } from '../session.ts'
import { above0, positive } from './options.ts'

/** The server itself, what it offers and what one would need. */
export function serverCommands(program: Command, session: () => Session): void {
  program
    .command('mcp')
    .description('give a model the tools of the server, over stdin and stdout (MCP)')
    .option('--write', 'also a tool that adds pictures')
    .action((options) => serveTools(session(), options))

  program
    .command('status')
    .description('what runs there, and how well')
    .action(() => showStatus(session()))

  program
    .command('plan')
    .description('what a library of a size needs: store, machines, disk, time and money')
    .requiredOption('--images <n>', 'how many pictures', positive)
    .option('--megabytes <n>', 'of an original, on average', above0, 3)
    .option('--megapixels <n>', 'of a picture, on average', above0, 12)
    .option('--copies <n>', 'of each record, to survive the loss of a machine', positive, 1)
    .option('--cores <n>', 'that import', positive, 4)
    .action((options) => planLibrary(session(), options))
}
