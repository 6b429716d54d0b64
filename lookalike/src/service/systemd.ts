import { join } from 'node:path'
import type { Machine, Service, ServiceManager } from './service.ts'

const unit = 'lookalike.service'

/** systemd of a person, without rights of root: systemd.service(5), systemd.unit(5), systemd.syntax(7). */
export function systemd({ env, home, user }: Machine): ServiceManager {
  const configured = env['XDG_CONFIG_HOME']?.trim() || join(home, '.config')
  return {
    name: 'systemd',
    file: join(configured, 'systemd/user', unit),
    content: unitFile,
    start: (changed) => [
      { command: systemctl('daemon-reload') },
      { command: systemctl('enable', unit) },
      { command: systemctl(changed ? 'restart' : 'start', unit) },
    ],
    stop: () => [{ command: systemctl('disable', '--now', unit) }],
    forget: [{ command: systemctl('daemon-reload') }],
    status: { command: systemctl('status', '--no-pager', unit) },
    notes: [
      `It runs while you are signed in; from the start of the machine on after: loginctl enable-linger ${user}`,
      `What it says: journalctl --user --unit ${unit}`,
    ],
  }
}

const systemctl = (...args: string[]) => ['systemctl', '--user', ...args] as const

/** By way of env(1), since systemd takes no program whose path has a quote or a backslash. */
function unitFile({ command, folder, stopSeconds, version }: Service): string {
  return `# Written by lookalike ${version}; \`lookalike service uninstall\` takes it away.
[Unit]
Description=Lookalike, image similarity search
Documentation=man:lookalike(1)
# A server that cannot start says why, and is not started for ever.
StartLimitIntervalSec=300
StartLimitBurst=5

[Service]
Type=exec
ExecStart=/usr/bin/env ${command.map(word).join(' ')}
WorkingDirectory=${path(folder)}
Restart=on-failure
RestartSec=5
# Its helpers are not told to stop: they are needed for what is under way.
KillMode=mixed
TimeoutStopSec=${stopSeconds}
NoNewPrivileges=true

[Install]
WantedBy=default.target
`
}

/** Quoted, as C has it; `%` begins a specifier and `$` a variable, wherever they stand. */
function word(text: string): string {
  const escaped = text.replaceAll(/[\\"]/g, String.raw`\$&`)
  return `"${escaped.replaceAll('%', '%%').replaceAll('$', '$$$$')}"`
}

/** Taken as it stands, quotes and spaces included, but for specifiers, and for a backslash or space at the end. */
function path(text: string): string {
  return text.replaceAll('%', '%%').replace(/[\\\s]$/, '$&/')
}
