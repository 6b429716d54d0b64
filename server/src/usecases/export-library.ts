import type { PageRequest, VectorRecord } from '../stores/image-store.ts'
import type { Parts } from './parts.ts'

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
  while (true) {
    const { records, nextCursor } = await parts.store.list(request)
    yield { records: await parts.store.getWithVectors(records.map(({ id }) => id)), nextCursor }
    if (nextCursor === null) return
    request = { ...request, cursor: nextCursor }
  }
}
