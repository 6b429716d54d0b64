import { type Command, Option } from 'commander'
import {
  addSearch,
  changeSearch,
  listMatches,
  listSearches,
  removeSearch,
} from '../commands/searches.ts'
import { matchWords } from './match-words.ts'
import { collect, filter, positive, region, threshold } from './options.ts'
import type { Session } from '../session.ts'

/** Names and options of the commands about searches that stand. */
export function standingCommands(program: Command, session: () => Session): void {
  const searches = program
    .command('searches')
    .description('searches that stand: each tells of new pictures that match')
  searches
    .command('add')
    .description('let a search stand from now on, and print its id')
    .argument('<name>', 'what it is called')
    .argument('[image]', "a file, the id or URI of a picture in the library, or '-' for stdin")
    .option('--like <picture>', 'like this one as well; =0.5 behind it counts half', collect, [])
    .option('--unlike <picture>', 'unlike this one', collect, [])
    .option('--text <words>', 'like what these words say', collect, [])
    .option('--region <x,y,w,h>', 'only this part of the picture, in fractions of it', region)
    .option('--all', 'like every part, instead of like their sum')
    .option('--exclude <id>', 'not this one', collect, [])
    .option('--threshold <score>', 'only those that score at least this', threshold)
    .option('--filter <json>', 'only those whose metadata passes', filter)
    .addOption(
      new Option('--min-match <word>', 'only those that match at least so well').choices(
        matchWords,
      ),
    )
    .addOption(
      new Option('--cut <where>', 'auto: where likeness ends now').choices(['none', 'auto']),
    )
    .option('--webhook <url>', 'where matches are sent as they come')
    .action((name: string, image: string | undefined, options) =>
      addSearch(session(), name, image, options),
    )
  searches
    .command('list')
    .description('list those that stand')
    .action(() => listSearches(session()))
  searches
    .command('matches')
    .description('list what one has found, newest first')
    .argument('<id>')
    .option('--limit <n>', 'the maximum number', positive, 50)
    .option('--unseen', 'only those that nobody has seen')
    .option('--seen', 'say that those that are listed were seen')
    .action((id: string, options) => listMatches(session(), id, options))
  searches
    .command('change')
    .description('rename one, pause it, or set where its matches are sent')
    .argument('<id>')
    .option('--name <name>', 'what it is called from now on')
    .option('--pause', 'let pictures pass by')
    .option('--resume', 'compare those that come again')
    .option('--webhook <url>', 'where matches are sent from now on, with a new secret')
    .option('--no-webhook', 'send them nowhere')
    .action((id: string, options) => changeSearch(session(), id, options))
  searches
    .command('remove')
    .description('let one stand no longer, and forget what it found')
    .argument('<id>')
    .action((id: string) => removeSearch(session(), id))
}
