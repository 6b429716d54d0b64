import type { VectorRecord } from '../../records/record.ts'
import type { ImageStore, Library } from '../../stores/image-store.ts'
import { pagesOf } from '../../stores/pages.ts'
import type { Copier } from '../copier.ts'
import type { Entry } from '../manifest.ts'
import { lineOf } from '../record-lines.ts'
import type { CopiedRecords } from './embedded-records.ts'

const pageSize = 200
const objectBytes = 1 << 20
/** How often a picture is replaced while it is copied, before it is left out. */
const maxAttempts = 5

export const recordsName = 'records.jsonl'

/**
 * The records of a store that another process keeps, each with its files: one after the other, so that each is whole as
 * it was when it was copied. All that were there throughout are in.
 */
export async function copyServed(
  store: ImageStore,
  library: Library,
  copier: Copier,
): Promise<CopiedRecords> {
  const entries: Entry[] = []
  const gone: string[] = []
  const objects: string[] = []
  let bytes = 0
  let images = 0
  let lines = ''
  const flush = async () => {
    const chunk = Buffer.from(lines)
    lines = ''
    bytes += chunk.length
    objects.push(await copier.bytes(chunk))
  }
  for await (const page of pagesOf(store, { limit: pageSize })) {
    for (const record of await store.getWithVectors(page.records.map(({ id }) => id))) {
      const whole = await withFiles(store, copier, record)
      if (!whole) continue
      if (whole.isLost) gone.push(whole.record.file!.sha256)
      entries.push(...whole.entries)
      lines += lineOf(whole.record)
      images++
      if (lines.length >= objectBytes) await flush()
    }
  }
  if (lines !== '') await flush()
  entries.push({ path: recordsName, bytes, objects })
  return { library, images, entries: distinct(entries), gone }
}

/** Null for a record that is gone by now. */
async function withFiles(store: ImageStore, copier: Copier, first: VectorRecord) {
  let record = first
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const { file } = record
    const entries = !file || file.missing ? [] : await copier.file(file)
    if (entries) return { record, entries, isLost: false }
    const [now] = await store.getWithVectors([record.id])
    if (!now) return null
    if (now.file?.sha256 === file!.sha256) return { record, entries: [], isLost: true }
    record = now
  }
  return null
}

/** Records may share a file. */
function distinct(entries: readonly Entry[]): Entry[] {
  return [...new Map(entries.map((entry) => [entry.path, entry])).values()]
}
