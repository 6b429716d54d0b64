import { type Command, InvalidArgumentError } from 'commander'
import type { Extension } from '@lookalike/cli'
import type { BackupCommand, Told } from './backup.ts'
import type { DoctorCommand } from './doctor.ts'
import type { RestoreCommand } from './restore.ts'

/** Adds what is done where the data lies: by the server's own code, and with its settings. */
export function addMaintenanceCommands(program: Command, extension: Extension): void {
  const tell = async ({ text, isWhole }: Told) => {
    await extension.terminal.out(text)
    if (!isWhole) extension.fail()
  }
  const given = () => program.opts<{ url?: string; json?: boolean }>()

  program
    .command('doctor')
    .description('look through a library, and mend one that no server uses')
    .option('--data <folder>', 'the library, instead of DATA_DIR')
    .option('--repair', 'mend what can be mended; no original is ever deleted')
    .option('--quick', 'look at the lengths of files, not at their content')
    .addHelpText('after', afterDoctor)
    .action(async (options: DoctorCommand) => {
      const { doctor } = await import('./doctor.ts')
      const { url, json } = given()
      await tell(await doctor(options, { url, json: json === true }))
    })

  program
    .command('backup')
    .description('add a snapshot of the library to a backup, also while a server uses it')
    .argument('<folder>', 'the backup: a folder of its own, best on another disk')
    .option('--data <folder>', 'the library, instead of DATA_DIR')
    .option('--keep <n>', 'remove all snapshots but the newest n', count)
    .option('--verify', 'only read the backup, and compare it with its hashes')
    .addHelpText('after', afterBackup)
    .action(async (folder: string, options: BackupCommand) => {
      const { backup } = await import('./backup.ts')
      const { url, json } = given()
      const { barColumns, err } = extension.terminal
      const onProgress = (done: number, total: number) =>
        err(`\r\x1b[2K${done} of ${Math.max(done, total)} pictures`)
      const watched = barColumns > 0 ? { onProgress } : {}
      const told = await backup(folder, options, { url, json: json === true, ...watched })
      if (barColumns > 0) err('\r\x1b[2K')
      await tell(told)
    })

  program
    .command('restore')
    .description('make a library of a backup, once all of its hashes were checked')
    .argument('<folder>', 'the backup')
    .option('--data <folder>', 'where the library is to lie, instead of DATA_DIR: an empty folder')
    .option('--snapshot <name>', 'not the newest, but this one')
    .option('--replace', 'move what is in that folder aside, into a folder there')
    .action(async (folder: string, options: RestoreCommand) => {
      const { restore } = await import('./restore.ts')
      await tell(await restore(folder, options, given().json === true))
    })
}

function count(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 1) {
    throw new InvalidArgumentError('It must be a whole number above 0.')
  }
  return value
}

const afterBackup = `
While a server uses the library, it is asked for copies of its databases: at --url or LOOKALIKE_URL, with LOOKALIKE_API_KEY.
Exit codes:
  0 fine; 1 something is damaged, in the library or in the backup; 2 nothing was done, or it goes on when run again`

const afterDoctor = `
While a server uses the library, it is asked for copies of its records, at --url or LOOKALIKE_URL with LOOKALIKE_API_KEY;
nothing is repaired then, and index, graph and caches are not looked at.
Exit codes:
  0 it is whole, or was repaired; 1 something is damaged; 2 it could not be looked at`
