import { availableParallelism } from 'node:os'
import { type Command, Option } from 'commander'
import { exportLibrary } from '../commands/export.ts'
import { importImages } from '../commands/import.ts'
import { restoreLibrary } from '../commands/restore.ts'
import { usageError } from '../failure.ts'
import type { Session } from '../session.ts'
import { collect, concurrency, filter } from './options.ts'

/** The command that brings pictures in, from files or from an export. */
export function importCommand(program: Command, session: () => Session): void {
  program
    .command('import')
    .description('bring pictures into the library; what is there already is not sent again')
    .argument(
      '[sources...]',
      "folders, files, quoted globs, http addresses, or '-' for a list on stdin",
    )
    .option(
      '--metadata <key=value>',
      'for every picture; {dir} {path} {name} {ext} stand for its own',
      collect,
      [],
    )
    .option('--manifest <file>', 'CSV or JSON Lines with metadata for each picture')
    .option(
      '--uri-prefix <uri>',
      'image URIs are this and the path in the folder, not file:// URLs',
    )
    .addOption(
      new Option('--concurrency <n>', 'pictures in flight at a time')
        .argParser(concurrency)
        .default(2 * availableParallelism(), 'twice the cores'),
    )
    .option('--prune', 'delete records whose file has vanished from the folder')
    .option('--yes', 'pay and delete without asking')
    .option('--watch', 'stay, and follow what changes in the folder')
    .option('--no-exif', 'leave out what cameras and programs wrote into the pictures')
    .option('--report <file>', 'write every outcome to a JSON Lines file')
    .addOption(
      new Option(
        '--from <file>',
        "take over the records of an export ('-' is stdin) instead",
      ).conflicts(['metadata', 'manifest', 'uriPrefix', 'concurrency', 'prune', 'watch', 'report']),
    )
    .action(async (sources: string[], options) => {
      if (!options.from) return importImages(session(), sources, options)
      if (sources.length > 0) {
        throw usageError('--from takes no further sources.')
      }
      return restoreLibrary(session(), options.from)
    })
}

/** The command that writes records out. */
export function exportCommand(program: Command, session: () => Session): void {
  program
    .command('export')
    .description(
      'write all records with their vectors to a JSON Lines file; goes on where it broke off',
    )
    .argument('<file>', "the file; '-' is stdout")
    .option('--filter <json>', 'only those whose metadata passes', filter)
    .action((file: string, options) => exportLibrary(session(), file, options))
}
