import type { Filter, ImageRecord } from '../../types.ts'
import type { Session } from '../session.ts'
import { table } from '../terminal/table.ts'

const largestPage = 1000

export async function listImages(
  { client, terminal, json }: Session,
  { limit, filter }: { limit: number; filter?: Filter },
): Promise<void> {
  const images: ImageRecord[] = []
  let cursor: string | null = null
  do {
    const page = await client.list({
      limit: Math.min(limit - images.length, largestPage),
      ...(cursor ? { cursor } : {}),
      ...(filter ? { filter } : {}),
    })
    images.push(...page.images)
    cursor = page.next_cursor
  } while (cursor && images.length < limit)

  if (json) return terminal.out(`${JSON.stringify(images, null, 2)}\n`)
  if (images.length === 0) return terminal.out('There are no such pictures in the library.\n')
  await terminal.out(recordTable(images, terminal.outColumns))
  if (cursor) terminal.err(`There are more; --limit ${limit * 10} shows more of them.\n`)
}

/** One line for each record: enough to recognise it, and the id that other commands take. */
export function recordTable(images: ImageRecord[], width: number): string {
  const columns = [
    { title: 'ID' },
    { title: 'SIZE', right: true },
    { title: 'IMAGE', stretch: true, keepEnd: true },
    { title: 'METADATA', stretch: true },
  ]
  const rows = images.map(({ id, image_uri, metadata, width: across, height }) => [
    id,
    across && height ? `${across}x${height}` : '',
    image_uri,
    JSON.stringify(metadata),
  ])
  return table(columns, rows, width)
}
