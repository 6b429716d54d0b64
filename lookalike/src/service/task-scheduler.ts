import { join } from 'node:path'
import type { Machine, Service, ServiceManager } from './service.ts'
import { xmlText } from './xml.ts'

const task = 'Lookalike'

/** A task of a person that begins when they sign in to Windows: learn.microsoft.com, "Task Scheduler Schema". */
export function taskScheduler({ env, home, user }: Machine): ServiceManager {
  const local = env['LOCALAPPDATA']?.trim() || join(home, 'AppData/Local')
  const file = join(local, 'lookalike', 'service.xml')
  const domain = env['USERDOMAIN']?.trim()
  const owner = domain ? `${domain}\\${user}` : user
  const end = { command: ['schtasks', '/End', '/TN', task], mayFail: true } as const
  return {
    name: 'Task Scheduler',
    file,
    content: (service) => taskFile(service, owner),
    start: (changed) => [
      ...(changed ? [end] : []),
      { command: ['schtasks', '/Create', '/TN', task, '/XML', file, '/F'] },
      { command: ['schtasks', '/Run', '/TN', task] },
    ],
    stop: () => [end, { command: ['schtasks', '/Delete', '/TN', task, '/F'], mayFail: true }],
    forget: [],
    status: { command: ['schtasks', '/Query', '/TN', task, '/V', '/FO', 'LIST'] },
    notes: [
      'It runs while you are signed in, in a console window, which shows what it says; closing that stops it.',
      'Windows ends it without asking it to stop; nothing that was acknowledged is lost.',
    ],
  }
}

/** Priority 7, the default, is that of background work, and slow at the disk. */
function taskFile(
  { command: [program, ...args], folder, version }: Service,
  owner: string,
): Buffer {
  const text = `<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo>
    <Description>Lookalike, image similarity search. Written by lookalike ${version}; "lookalike service uninstall" takes it away.</Description>
  </RegistrationInfo>
  <Triggers>
    <LogonTrigger>
      <Enabled>true</Enabled>
      <UserId>${xmlText(owner)}</UserId>
    </LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>${xmlText(owner)}</UserId>
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>5</Priority>
    <RestartOnFailure>
      <Interval>PT1M</Interval>
      <Count>5</Count>
    </RestartOnFailure>
  </Settings>
  <Actions Context="Author">
    <Exec>
      <Command>${xmlText(program)}</Command>
      <Arguments>${xmlText(args.map(windowsWord).join(' '))}</Arguments>
      <WorkingDirectory>${xmlText(folder)}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
`
  // With a mark of its byte order: schtasks reads XML as UTF-16 alone.
  return Buffer.from(`\ufeff${text.replaceAll('\n', '\r\n')}`, 'utf16le')
}

/** As programs of Windows take their command line apart: learn.microsoft.com, "Parsing C command-line arguments". */
function windowsWord(word: string): string {
  if (word !== '' && !/[\s"]/.test(word)) return word
  const escaped = word.replaceAll(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')
  return `"${escaped}"`
}
