import type { Extension } from '@lookalike/cli'
import type { Command } from 'commander'
import type { DescribedSetting } from '../../server/src/starting/described-settings.ts'
import { addCompletionCommand } from './completion/commands.ts'
import { addMaintenanceCommands } from './maintenance/commands.ts'
import { addServeCommands } from './serve/commands.ts'
import { addServiceCommands } from './service/commands.ts'
import { toldFolders, type Folders } from './serve/folders.ts'

/** Those that have the server's settings as options, or tell of them. */
const needingSettings = new Set(['serve', 'demo', 'service', 'completion'])

/**
 * What the installed program has beyond the command line that speaks to a server: the server itself.
 *
 * @param args those of the process: the settings, which need much of the server's code, are loaded only
 *   where one of them may be a command that needs them
 * @param folders where libraries lie, as help tells of it
 * @returns adds the commands to the program
 */
export async function serverCommands(
  args: readonly string[],
  folders: Folders = toldFolders(),
): Promise<(program: Command, extension: Extension) => void> {
  const isAsked = args.some((arg) => needingSettings.has(arg))
  const settings = isAsked ? await loadSettings() : []
  return (program, extension) => {
    addServeCommands(program, settings, folders)
    addMaintenanceCommands(program, extension)
    addServiceCommands(program, extension, settings, folders)
    addCompletionCommand(program, extension)
  }
}

async function loadSettings(): Promise<DescribedSetting[]> {
  const { describedSettings } = await import('../../server/src/starting/described-settings.ts')
  return describedSettings()
}
