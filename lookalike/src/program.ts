import type { Extension } from '@lookalike/cli'
import type { Command } from 'commander'
import { addMaintenanceCommands } from './maintenance/commands.ts'
import { addServeCommands } from './serve/commands.ts'

/**
 * What the installed program has beyond the command line that speaks to a server: the server itself.
 *
 * @param args those of the process: the settings, which need much of the server's code, are loaded only
 *   where one of them may be a command that has them as options
 * @returns adds the commands to the program
 */
export async function serverCommands(
  args: readonly string[],
): Promise<(program: Command, extension: Extension) => void> {
  const isAsked = args.some((arg) => needingSettings.has(arg))
  const settings = isAsked ? await loadSettings() : []
  return (program, extension) => {
    addServeCommands(program, settings)
    addMaintenanceCommands(program, extension)
  }
}

const needingSettings = new Set(['serve', 'demo'])

async function loadSettings() {
  const { describedSettings } = await import('../../server/src/starting/described-settings.ts')
  return describedSettings()
}
