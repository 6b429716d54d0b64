import { LookalikeError } from '../../errors.ts'
import type { PageRequest } from '../../stores/image-store.ts'
import { pagesOf } from '../../stores/pages.ts'
import type { VectorRecord } from '../../records/record.ts'
import { yieldToOthers } from '../../yield-to-others.ts'
import type { LibraryDeps } from '../deps.ts'

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
  deps: LibraryDeps,
  from: Pick<PageRequest, 'filter' | 'cursor'>,
): AsyncGenerator<ExportedPage> {
  const { embedder } = deps
  for await (const { records, nextCursor } of pagesOf(deps.store, { ...from, limit: pageSize })) {
    const page = await deps.store.getWithVectors(records.map(({ id }) => id))
    // Whoever reads as fast as this writes would leave nobody else a turn.
    await yieldToOthers()
    if (deps.embedder !== embedder) throw exchanged(deps.embedder.id)
    yield { records: page, nextCursor }
  }
}

/** Cursors and vectors of the previous library mean nothing in this one. */
function exchanged(embedderId: string): LookalikeError {
  return new LookalikeError(
    'store_unavailable',
    `The library was re-indexed for ${embedderId} while it was exported: start the export again.`,
  )
}
