import { idFrom } from '../record-id.ts'
import type { Session } from '../session.ts'
import { oneLine } from '../terminal/format.ts'

export async function showImage(
  { client, terminal, json }: Session,
  argument: string,
): Promise<void> {
  const record = await client.get(idFrom(argument))
  if (json) return terminal.out(`${JSON.stringify(record, null, 2)}\n`)
  await terminal.out(facts(record))
}

/** A name and a value on each line; what is null is left out. */
export function facts(values: object): string {
  const entries = Object.entries(values).filter(([, value]) => value !== null)
  const width = Math.max(...entries.map(([name]) => name.length))
  const lines = entries.map(([name, value]) => {
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
    return `${name.padEnd(width)}  ${oneLine(text)}\n`
  })
  return lines.join('')
}
