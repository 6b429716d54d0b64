import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CommandError, exitCodes, packageVersion, usageError, type Extension } from '@lookalike/cli'
import type { Command } from 'commander'
import type { DescribedSetting } from '../../../server/src/starting/described-settings.ts'
import { folders, type Folders } from '../serve/folders.ts'
import { environmentOf, flagOf, settingOption, type GivenOptions } from '../serve/setting-option.ts'
import type { Machine, Service } from './service.ts'

/** Adds `service install`, `status` and `uninstall`. */
export function addServiceCommands(
  program: Command,
  { terminal, fail }: Extension,
  settings: readonly DescribedSetting[],
  told: Folders,
): void {
  const service = program
    .command('service')
    .description('have the system run a server, whenever you are signed in')
  const install = service
    .command('install')
    .description('write what the system needs for that, and start it')
    .option('--print', 'only show what would be written and run')
    .option('--as-root', 'do it although you are root: the server will be too')
    .configureHelp({ optionDescription: ({ description }) => description })
    .addHelpText('after', afterInstall)
    .action(async (options: GivenOptions) => {
      const { here, manage, manager } = await manageHere()
      refuseRoot(here, options)
      const wanted = await serviceFor(options, settings)
      const text = options['print']
        ? manage.shown(manager, wanted)
        : manage.install(here, manager, wanted)
      await terminal.out(text)
    })
  for (const setting of settings) install.addOption(settingOption(setting, told.library))
  service
    .command('status')
    .description('whether it runs, as the system says; `lookalike status` asks the server')
    .action(async () => {
      const { here, manage, manager } = await manageHere()
      const { text, runs } = manage.status(here, manager)
      await terminal.out(text)
      if (!runs) fail()
    })
  service
    .command('uninstall')
    .description('stop it, and remove what was written; the library stays')
    .action(async () => {
      const { here, manage, manager } = await manageHere()
      await terminal.out(manage.uninstall(here, manager))
    })
}

const afterInstall = `
Settings are options, as of serve. Keys and passwords are refused here: they belong into a file .env in the
folder of the library, readable by you alone, which the service reads as it starts.`

async function manageHere() {
  const manage = await import('./manage.ts')
  const { thisMachine } = await import('./this-machine.ts')
  const here = thisMachine()
  return { here, manage, manager: manage.managerOf(here) }
}

function refuseRoot({ uid }: Machine, options: GivenOptions): void {
  if (uid !== 0 || options['asRoot']) return
  throw new CommandError(
    'The server would run as root, and whoever finds a fault in it would be root. Run this as the user whose ' +
      'library it is, or add --as-root if that is meant.',
    exitCodes.usage,
  )
}

async function serviceFor(
  options: GivenOptions,
  settings: readonly DescribedSetting[],
): Promise<Service> {
  const { mistakesIn, isSecretName } = await import('./given-settings.ts')
  const { DATA_DIR: data, ...given } = environmentOf(options, settings)
  const secret = Object.keys(given).find(isSecretName)
  const folder = data ? resolve(data) : folders().library
  if (secret !== undefined) {
    throw usageError(
      `${flagOf(secret)} would be written where others can read it: ` +
        `put a line ${secret}=... into ${folder}/.env instead, readable by you alone.`,
    )
  }
  const mistakes = mistakesIn(given)
  if (mistakes.length > 0) throw usageError(mistakes.join('\n'))
  if (/[\n\r]/.test(folder)) throw usageError('No service can run in a folder with a line break in its name.') // prettier-ignore
  const args = Object.entries(given).map(([name, value]) => `${flagOf(name)}=${value}`)
  const main = fileURLToPath(new URL('../main.ts', import.meta.url))
  const { STOP_GRACE_S: grace = 0, STOP_TIMEOUT_S: wait = 30 } = given
  return {
    command: [process.execPath, main, 'serve', `--data=${folder}`, ...args],
    folder,
    stopSeconds: Number(grace) + Number(wait) + 15,
    version: packageVersion(),
  }
}
