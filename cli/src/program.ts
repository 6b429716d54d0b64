import { availableParallelism } from 'node:os'
import { Command, Option } from 'commander'
import type { Match } from '@lookalike/sdk'
import { deleteImages } from './commands/delete.ts'
import { describeImage } from './commands/describe.ts'
import { listDuplicates } from './commands/duplicates.ts'
import { exportLibrary } from './commands/export.ts'
import { listFeedback, removeFeedback } from './commands/feedback.ts'
import { importImages } from './commands/import.ts'
import { addKey, listKeys, revokeKey } from './commands/keys.ts'
import { listImages } from './commands/list.ts'
import { serveTools } from './commands/mcp.ts'
import { planLibrary } from './commands/plan.ts'
import { reindexLibrary } from './commands/reindex.ts'
import { restoreLibrary } from './commands/restore.ts'
import { searchByImage, searchByText } from './commands/search.ts'
import { showImage } from './commands/show.ts'
import { showStatus } from './commands/status.ts'
import { errorLine, usageError } from './failure.ts'
import {
  above0,
  collect,
  concurrency,
  expiry,
  filter,
  positive,
  region,
  share,
  sortKey,
  threshold,
  whole,
} from './options.ts'
import { packageVersion } from './package-version.ts'
import { explainLikeness } from './commands/why.ts'
import { searchCommands } from './search-commands.ts'
import type { Session } from './session.ts'
import type { Terminal } from './terminal/terminal.ts'

const matchWords: Match[] = ['weak', 'possible', 'strong', 'near-duplicate', 'same']

const afterHelp = `
Environment:
  LOOKALIKE_URL      where the server is (http://127.0.0.1:8000)
  LOOKALIKE_API_KEY  one of its keys, when it asks for one

Exit codes:
  0 fine, 1 something failed, 2 wrong usage, 130 stopped by Ctrl-C`

/**
 * The command line: names, options and help; the work is done in `commands/`.
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

  const searchCommand = (name: string) =>
    program
      .command(name)
      .option('--limit <n>', 'the maximum number', positive, 10)
      .option('--threshold <score>', 'only those that score at least this', threshold)
      .option('--filter <json>', 'only those whose metadata passes', filter)
      .addOption(
        new Option('--min-match <word>', 'only those that match at least so well').choices(
          matchWords,
        ),
      )
      .addOption(
        new Option('--cut <where>', 'auto: stop where likeness ends').choices(['none', 'auto']),
      )
      .option('--hide-duplicates', 'of those that show the same picture, only the best')
      .option(
        '--pictures',
        'show them, or say why that cannot be; they are shown where the terminal can',
      )
      .option('--no-pictures', 'only the table')

  searchCommand('search')
    .addOption(
      new Option('--ranking <how>', 'expanded: also by how the found lie to each other').choices([
        'cosine',
        'expanded',
      ]),
    )
    .option('--like <picture>', 'like this one as well; =0.5 behind it counts half', collect, [])
    .option('--unlike <picture>', 'unlike this one', collect, [])
    .option('--text <words>', 'like what these words say', collect, [])
    .option('--region <x,y,w,h>', 'only this part of the picture, in fractions of it', region)
    .option('--all', 'like every part, instead of like their sum')
    .option('--offset <n>', 'skip so many', whole)
    .option('--exclude <id>', 'not this one', collect, [])
    .option('--group-by <key>', 'those of one value of a metadata key together')
    .option('--group-size <n>', 'of each group at most so many', positive)
    .option('--diversity <0-1>', 'how much they are to differ from each other', share)
    .option('--sort <key>', 'by a metadata key, key:desc for the largest first', sortKey)
    .option('--random <n>', 'in an order that this number decides', whole)
    .option('--among <n>', 'how many of the nearest are put in that order', positive)
    .description('find pictures that look like this one, or like several, and unlike others')
    .argument(
      '[image]',
      "a file, the id or URI of a picture in the library, or '-' for a picture on stdin",
    )
    .action((image: string | undefined, options) => searchByImage(session(), image, options))

  searchCommand('text')
    .description('find pictures that show what the words say')
    .argument('<words...>')
    .action((words: string[], options) => searchByText(session(), words.join(' '), options))

  program
    .command('why')
    .description('say why two pictures are alike')
    .argument('<one>', "a file, the id or URI of a picture in the library, or '-' for stdin")
    .argument('<other>', 'the same of the other')
    .action((one: string, other: string) => explainLikeness(session(), one, other))

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
        'leaveOutFailed',
      ]),
    )
    .action((options) => reindexLibrary(session(), options))

  searchCommands(program, session, matchWords)

  const feedback = program
    .command('feedback')
    .description('judgements of results that were kept, by which results are measured')
  feedback
    .command('list')
    .description('list them, newest first')
    .option('--limit <n>', 'the maximum number', positive, 50)
    .action((options) => listFeedback(session(), options))
  feedback
    .command('remove')
    .description('forget one of them')
    .argument('[number]', 'as the list has it', positive)
    .option('--all', 'forget all of them')
    .option('--yes', 'without asking')
    .action((number: number | undefined, options) => removeFeedback(session(), number, options))

  const keys = program.command('keys').description('look after the keys that open the server')
  keys
    .command('add')
    .description('make a key, and print it: it is told this once')
    .argument('<name>', 'what it is called in the list and in the audit log')
    .addOption(
      new Option('--scope <scope>', 'what it opens')
        .choices(['read', 'write', 'admin'])
        .default('read'),
    )
    .option('--expires <when>', 'a date such as 2027-01-31, or days from now such as 90d', expiry)
    .action((name: string, options) => addKey(session(), name, options))
  keys
    .command('list')
    .description('list the keys, without the keys themselves')
    .action(() => listKeys(session()))
  keys
    .command('revoke')
    .description('take a key away, and the sessions that began with it')
    .argument('<name>')
    .action((name: string) => revokeKey(session(), name))

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

  program
    .command('export')
    .description(
      'write all records with their vectors to a JSON Lines file; goes on where it broke off',
    )
    .argument('<file>', "the file; '-' is stdout")
    .option('--filter <json>', 'only those whose metadata passes', filter)
    .action((file: string, options) => exportLibrary(session(), file, options))

  return program
}

/** Commander's `error: unknown option '--x'`, put like every other error. */
function sentenceOf(text: string): string {
  const message = text.replace(/^error: /, '')
  return message.charAt(0).toUpperCase() + message.slice(1)
}
