import { type Command, Option } from 'commander'
import { addKey, listKeys, revokeKey } from '../commands/keys.ts'
import type { Session } from '../session.ts'
import { expiry } from './options.ts'

/** The keys that open the server. */
export function keyCommands(program: Command, session: () => Session): void {
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
}
