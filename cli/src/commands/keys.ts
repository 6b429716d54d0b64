import type { KeyScope } from '@lookalike/sdk'
import type { Session } from '../session.ts'
import { table } from '../terminal/table.ts'

export async function addKey(
  { client, terminal, json }: Session,
  name: string,
  { scope, expires }: { scope: KeyScope; expires?: string },
): Promise<void> {
  const made = await client.addKey(name, { scope, ...(expires ? { expiresAt: expires } : {}) })
  if (json) return terminal.out(`${JSON.stringify(made, null, 2)}\n`)
  // The key alone on stdout: it may go straight to where it is to be kept.
  await terminal.out(`${made.key}\n`)
  terminal.err(
    `This is the key ${made.name} (${made.scope}). It is not shown again: keep it now.\n`,
  )
}

export async function listKeys({ client, terminal, json }: Session): Promise<void> {
  const keys = await client.keys()
  if (json) return terminal.out(`${JSON.stringify(keys, null, 2)}\n`)
  if (keys.length === 0) return terminal.out('This server asks for no key.\n')
  const columns = [
    { title: 'NAME', stretch: true },
    { title: 'SCOPE' },
    { title: 'CREATED' },
    { title: 'EXPIRES' },
  ]
  const rows = keys.map(({ name, scope, created_at, expires_at }) => [
    name,
    scope,
    created_at?.slice(0, 10) ?? '',
    expires_at === null ? '' : `${expires_at.slice(0, 10)}${isPast(expires_at) ? ' (over)' : ''}`,
  ])
  await terminal.out(table(columns, rows, terminal.outColumns))
}

export async function revokeKey({ client, terminal, json }: Session, name: string): Promise<void> {
  await client.revokeKey(name)
  await terminal.out(json ? `${JSON.stringify({ revoked: name })}\n` : `Revoked ${name}.\n`)
}

function isPast(time: string): boolean {
  return Date.parse(time) <= Date.now()
}
