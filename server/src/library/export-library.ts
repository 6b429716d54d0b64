import { LookalikeError } from '../errors.ts'
import type { PageRequest } from '../stores/image-store.ts'
import type { VectorRecord } from '../records/record.ts'
import type { Parts } from './deps.ts'

/** Records with vectors that are in memory at once. */
const pageSize = 200

export interface ExportedPage {
  readonly records: VectorRecord[]
  /** Where a later export goes on after this page; null after the last one. */
  readonly nextCursor: string | null
}

/**
 * The library page by page, vectors included. A record that stays throughout is seen once; one that
 * comes, goes or changes meanwhile may be seen or not, and is whole when it is.
 */
export async function* exportLibrary(
  parts: Parts,
  from: Pick<PageRequest, 'filter' | 'cursor'>,
): AsyncGenerator<ExportedPage> {
  let request: PageRequest = { ...from, limit: pageSize }
  const { embedder } = parts
  while (true) {
    const { records, nextCursor } = await parts.store.list(request)
    const page = await parts.store.getWithVectors(records.map(({ id }) => id))
    if (parts.embedder !== embedder) throw exchanged(parts.embedder.id)
    yield { records: page, nextCursor }
    if (nextCursor === null) return
    request = { ...request, cursor: nextCursor }
  }
}

/** Cursors and vectors of the former library mean nothing in this one. */
function exchanged(embedderId: string): LookalikeError {
  return new LookalikeError(
    'store_unavailable',
    `The library was re-indexed for ${embedderId} while it was exported: begin the export anew.`,
  )
}
