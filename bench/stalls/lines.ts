import { createHash } from 'node:crypto'
import { toExported } from '../../server/src/http/answers/wire-record.ts'
import type { VectorRecord } from '../../server/src/records/record.ts'
import { recordsOf } from '../library/records.ts'

const noLinks = { image_url: null, thumbnail_url: null }

/** `count` records that no library of `recordsOf` has, as lines of an export, `size` at a time; the same ones for one name. */
export function* linesOf(
  count: number,
  size: number,
  name: string,
  embedder: { readonly id: string; readonly dimensions: number },
): Generator<string> {
  const library = { embedderId: embedder.id, dimensions: embedder.dimensions }
  let lines: string[] = []
  let number = 0
  for (const records of recordsOf(count, library)) {
    for (const record of records) {
      const exported = toExported(renamed(record, `${name} ${number++}`), noLinks, embedder.id)
      lines.push(JSON.stringify(exported))
      if (lines.length < size) continue
      yield lines.join('\n')
      lines = []
    }
  }
  if (lines.length > 0) yield lines.join('\n')
}

function renamed(record: VectorRecord, name: string): VectorRecord {
  const sha256 = createHash('sha256').update(name).digest('hex')
  const file = record.file && { ...record.file, sha256, phash: sha256.slice(0, 16) }
  return { ...record, imageUri: `https://example.org/${name.replaceAll(' ', '/')}.jpg`, file }
}
