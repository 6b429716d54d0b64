import type { KnowledgeGraph } from '../../graph/knowledge-graph.ts'
import type { ImageStore } from '../../stores/image-store.ts'
import { pagesOf } from '../../stores/pages.ts'
import type { Outbox } from './outbox.ts'

const pageSize = 500

interface Deps {
  readonly graph: KnowledgeGraph
  readonly store: ImageStore
  readonly outbox: Outbox
}

/** Marks every record of the library, and all that the graph describes and the library no longer has. */
export async function markAll({ graph, store, outbox }: Deps, signal: AbortSignal): Promise<void> {
  const stray = new Set(await graph.imageIds())
  for await (const { records } of pagesOf(store, { limit: pageSize })) {
    for (const { id } of records) stray.delete(id)
    await outbox.add(records.map(({ id }) => id))
    if (signal.aborted) return
  }
  await outbox.add([...stray])
}
