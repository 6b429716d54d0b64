import { type Command, Option } from 'commander'
import { deleteImages } from '../commands/delete.ts'
import { describeImage } from '../commands/describe.ts'
import { listDuplicates } from '../commands/duplicates.ts'
import { listImages } from '../commands/list.ts'
import { reindexLibrary } from '../commands/reindex.ts'
import { showImage } from '../commands/show.ts'
import type { Session } from '../session.ts'
import { filter, positive } from './options.ts'

/** What the library holds, and how it is changed. */
export function libraryCommands(program: Command, session: () => Session): void {
  program
    .command('list')
    .description('list the library, newest first')
    .option('--limit <n>', 'the maximum number', positive, 50)
    .option('--filter <json>', 'only those whose metadata passes', filter)
    .action((options) => listImages(session(), options))

  program
    .command('show')
    .description('show all that is known of a picture')
    .argument('<id>', 'id or image URI')
    .action((id: string) => showImage(session(), id))

  program
    .command('describe')
    .description('say in your own words what a picture shows')
    .argument('<id>', 'id or image URI')
    .argument('<words...>')
    .action((id: string, words: string[]) => describeImage(session(), id, words.join(' ')))

  program
    .command('delete')
    .description('delete pictures from the library')
    .argument('[ids...]', 'ids or image URIs')
    .option('--filter <json>', 'all whose metadata passes; they are shown first', filter)
    .option('--dry-run', 'only show what a filter would delete')
    .option('--yes', 'delete without asking')
    .action((ids: string[], options) => deleteImages(session(), ids, options))

  program
    .command('duplicates')
    .description('list pictures that are there more than once, and which copy to keep')
    .option('--limit <n>', 'the maximum number of pictures', positive, 20)
    .action((options) => listDuplicates(session(), options))

  program
    .command('reindex')
    .description("re-embed the library with the embedder of the server's settings")
    .option('--dry-run', 'only say what it would take')
    .option('--describe-again', 'describe every picture as is done now, also with the same models')
    .option('--drop-failed', 'delete records that cannot be re-embedded, and go on')
    .option('--yes', 'start without asking')
    .addOption(
      new Option('--stop', 'stop the one that is running; what is done is kept').conflicts([
        'dryRun',
        'describeAgain',
        'dropFailed',
      ]),
    )
    .action((options) => reindexLibrary(session(), options))
}
