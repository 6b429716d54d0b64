import type { Client, ImageRecord } from '@lookalike/sdk'
import type { UriScheme } from './image-uri.ts'
import { exists, type Moves } from './moves.ts'
import { isInside } from './sources.ts'

const pageSize = 1000

/** Records whose file should lie in one of the folders and does not, nor was found elsewhere. */
export async function findVanished(
  client: Client,
  folders: string[],
  scheme: UriScheme,
  moves: Moves,
): Promise<ImageRecord[]> {
  const vanished: ImageRecord[] = []
  let cursor: string | null = null
  do {
    const page = await client.list({ limit: pageSize, ...(cursor ? { cursor } : {}) })
    for (const record of page.images) {
      if (!moves.keeps(record.id) && (await isGone(record, folders, scheme))) vanished.push(record)
    }
    cursor = page.next_cursor
  } while (cursor)
  return vanished
}

async function isGone(record: ImageRecord, folders: string[], scheme: UriScheme): Promise<boolean> {
  for (const folder of folders) {
    const path = scheme.pathOf(record.image_uri, folder)
    if (path && isInside(folder, path)) return !(await exists(path))
  }
  return false
}
