import type { Command } from 'commander'
import type { Extension } from '@lookalike/cli'

interface Common {
  readonly data?: string
}

/** Adds what is done where the data lies: by the server's own code, and with its settings. */
export function addMaintenanceCommands(program: Command, extension: Extension): void {
  program
    .command('doctor')
    .description('look through a library that no server uses, and mend it')
    .option('--data <folder>', 'the library, instead of DATA_DIR')
    .option('--repair', 'mend what can be mended; no original is ever deleted')
    .option('--quick', 'look at the lengths of files, not at their content')
    .addHelpText('after', afterDoctor)
    .action(
      async ({
        data,
        repair = false,
        quick = false,
      }: Common & { repair?: boolean; quick?: boolean }) => {
        const { doctor } = await import('./doctor.ts')
        const { json } = program.opts<{ json?: boolean }>()
        const { text, isWhole } = await doctor(data, { repair, quick }, json === true)
        await extension.terminal.out(text)
        if (!isWhole) extension.fail()
      },
    )
}

const afterDoctor = `
Exit codes:
  0 it is whole, or was repaired; 1 something is damaged; 2 it could not be looked at`
