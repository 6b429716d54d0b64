import { type Command, Option } from 'commander'
import { searchByImage, searchByText } from '../commands/search.ts'
import { explainLikeness } from '../commands/why.ts'
import type { Session } from '../session.ts'
import { collect, filter, positive, region, share, sortKey, threshold, whole } from './options.ts'
import { matchWords } from './match-words.ts'

/** What is like a picture, or what words say; and why. */
export function searchingCommands(program: Command, session: () => Session): void {
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
}
