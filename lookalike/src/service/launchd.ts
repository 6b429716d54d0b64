import { join } from 'node:path'
import type { Machine, Service, ServiceManager } from './service.ts'
import { xmlText } from './xml.ts'

const label = 'local.lookalike'

/** An agent of a person, in macOS: launchd.plist(5), launchctl(1). */
export function launchd({ home, uid }: Machine): ServiceManager {
  const file = join(home, 'Library/LaunchAgents', `${label}.plist`)
  const log = join(home, 'Library/Logs/lookalike.log')
  const domain = `gui/${uid}`
  const unload = { command: ['launchctl', 'bootout', `${domain}/${label}`], mayFail: true } as const
  return {
    name: 'launchd',
    file,
    content: (service) => propertyList(service, log),
    // What is loaded cannot be loaded again.
    start: () => [unload, { command: ['launchctl', 'bootstrap', domain, file] }],
    stop: () => [unload],
    forget: [],
    status: { command: ['launchctl', 'print', `${domain}/${label}`] },
    notes: ['It runs while you are signed in.', `What it says: ${log}`],
  }
}

function propertyList({ command, folder, stopSeconds, version }: Service, log: string): string {
  const texts = command.map((word) => `    <string>${xmlText(word)}</string>`)
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<!-- Written by lookalike ${version}; "lookalike service uninstall" takes it away. -->
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>${label}</string>
  <key>ProgramArguments</key>
  <array>
${texts.join('\n')}
  </array>
  <key>WorkingDirectory</key>
  <string>${xmlText(folder)}</string>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ThrottleInterval</key>
  <integer>30</integer>
  <key>ExitTimeOut</key>
  <integer>${stopSeconds}</integer>
  <key>StandardOutPath</key>
  <string>${xmlText(log)}</string>
  <key>StandardErrorPath</key>
  <string>${xmlText(log)}</string>
</dict>
</plist>
`
}
