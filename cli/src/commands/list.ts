import type { Filter, ImageRecord } from '@lookalike/sdk'
import { gatherPages } from '../pages.ts'
import type { Session } from '../session.ts'
import { table } from '../terminal/table.ts'

export async function listImages(
  { client, terminal, json }: Session,
  { limit, filter }: { limit: number; filter?: Filter },
): Promise<void> {
  const { items: images, more } = await gatherPages(limit, async (request) => {
    const page = await client.list({ ...request, ...(filter ? { filter } : {}) })
    return { items: page.images, next: page.next_cursor }
  })
  if (json) return terminal.out(`${JSON.stringify(images, null, 2)}\n`)
  if (images.length === 0) return terminal.out('There are no such pictures in the library.\n')
  await terminal.out(recordTable(images, terminal.outColumns))
  if (more) terminal.err(`There are more; --limit ${limit * 10} shows more of them.\n`)
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
