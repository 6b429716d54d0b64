import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { CommandError } from '@lookalike/cli'
import { launchd } from './launchd.ts'
import type { Machine, Service, ServiceManager, Step } from './service.ts'
import { systemd } from './systemd.ts'
import { taskScheduler } from './task-scheduler.ts'

const managers: Partial<Record<NodeJS.Platform, (machine: Machine) => ServiceManager>> = {
  linux: systemd,
  darwin: launchd,
  win32: taskScheduler,
}

export function managerOf(machine: Machine): ServiceManager {
  const manager = managers[machine.platform]
  if (manager) return manager(machine)
  throw new CommandError(
    `On ${machine.platform} no service can be made: have something of that system run \`lookalike serve\`.`,
  )
}

/** @returns what the file would hold, and what would be run, for a person to read */
export function shown(manager: ServiceManager, service: Service): string {
  const content = manager.content(service)
  const text = typeof content === 'string' ? content : content.toString('utf16le').slice(1)
  const steps = manager.start(true).map(({ command }) => `  ${command.join(' ')}`)
  return `${manager.file}:\n\n${text}\nThen:\n${steps.join('\n')}\n`
}

/**
 * Writes the file and has the service started; again, when it is as wanted already, changes nothing.
 *
 * @returns what was done, for a person to read
 * @throws CommandError when the system's manager of services did not do its part; the file stays
 */
export function install(machine: Machine, manager: ServiceManager, service: Service): string {
  const content = Buffer.from(manager.content(service))
  const isNew = !existsSync(manager.file)
  const changed = isNew || !readFileSync(manager.file).equals(content)
  // Started there, so it has to be.
  mkdirSync(service.folder, { recursive: true })
  if (changed) {
    mkdirSync(dirname(manager.file), { recursive: true })
    writeFileSync(manager.file, content, { mode: 0o644 })
  }
  const did = isNew ? 'Wrote' : changed ? 'Wrote anew' : 'As it was already'
  const told = [`${did}: ${manager.file}`, `The library is in ${service.folder}`]
  takeSteps(machine, manager.start(changed), `${told.join('. ')}. But`)
  return `${[
    ...told,
    `${manager.name} has started it.`,
    ...manager.notes,
    'lookalike service uninstall takes it away again; the library stays.',
  ].join('\n')}\n`
}

/** Stops the service and removes the file; the library stays. @returns what was done */
export function uninstall(machine: Machine, manager: ServiceManager): string {
  if (!existsSync(manager.file)) return `There is no service: no ${manager.file}\n`
  takeSteps(machine, manager.stop(), 'The service is there still:')
  rmSync(manager.file)
  takeSteps(machine, manager.forget, `Removed ${manager.file}. But`)
  return `Stopped, and removed: ${manager.file}\nThe library is where it was.\n`
}

/** @returns what the manager says of the service, and whether it runs */
export function status(machine: Machine, manager: ServiceManager): { text: string; runs: boolean } {
  if (!existsSync(manager.file)) {
    return { text: `There is no service: no ${manager.file}\n`, runs: false }
  }
  const { status: code, output } = machine.run(manager.status.command)
  return { text: `${manager.file}\n${output.trimEnd()}\n`, runs: code === 0 }
}

function takeSteps(machine: Machine, steps: readonly Step[], before: string): void {
  for (const [at, { command, mayFail = false }] of steps.entries()) {
    const { status: code, output } = machine.run(command)
    if (code === 0 || mayFail) continue
    const said =
      code === null ? 'there is no such program' : output.trim() || `it ended with ${code}`
    const rest = steps.slice(at).map((step) => step.command.join(' '))
    throw new CommandError(
      `${before} \`${command.join(' ')}\` failed: ${said}. Once it can be: ${rest.join('; ')}`,
    )
  }
}
