import type { Command } from 'commander'
import type { DescribedSetting } from '../../../server/src/starting/described-settings.ts'
import { restartWithHeapFlags } from '../../../server/src/heap-flags.ts'
import type { Folders } from './folders.ts'
import { environmentOf, settingOption, type GivenOptions } from './setting-option.ts'

/** Adds `serve` and `demo`, with an option for each of the settings. */
export function addServeCommands(
  program: Command,
  settings: readonly DescribedSetting[],
  folders: Folders,
): void {
  const addCommand = (name: string, description: string, folder: string) => {
    const command = program.command(name).description(description)
    // The meanings name what there is to choose from.
    command.configureHelp({ optionDescription: ({ description: text }) => text })
    for (const setting of settings) command.addOption(settingOption(setting, folder))
    return command
  }
  addCommand('serve', 'run a server here: what the other commands speak to', folders.library)
    .addHelpText('after', afterHelp)
    .action(async (options: GivenOptions) => {
      restartWithHeapFlags()
      const { serve } = await import('./serve.ts')
      await serve(environmentOf(options, settings))
    })
  addCommand('demo', 'run a server with 72 sample pictures, in a library of its own', folders.demo)
    .addHelpText('after', afterHelp)
    .action(async (options: GivenOptions) => {
      restartWithHeapFlags()
      const { demo } = await import('./demo.ts')
      await demo(environmentOf(options, settings))
    })
}

const afterHelp = `
Each option stands for a variable of the environment, --max-upload-mb for MAX_UPLOAD_MB, and is stronger
than it; serve reads a file .env in the folder that it is started in as well. What others on this machine
must not see, such as keys, belongs there: options are seen by all.`
