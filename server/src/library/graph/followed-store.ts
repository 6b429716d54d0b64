import { forwardedStore } from '../in-use/forwarded-store.ts'
import type { ImageStore } from '../../stores/image-store.ts'
import type { GraphFollower } from './follower.ts'
import type { KnowledgeGraph } from '../../graph/knowledge-graph.ts'

/**
 * A store whose every write the graph follows. Reads and searches go straight to the
 * store: they never depend on the graph.
 */
export function followedStore(
  store: ImageStore,
  graph: KnowledgeGraph,
  follower: GraphFollower,
): ImageStore {
  return {
    ...forwardedStore(store),
    upsert: (records) =>
      follower.following(
        records.map(({ id }) => id),
        () => store.upsert(records),
      ),
    setMetadata: (id, metadata) => follower.following([id], () => store.setMetadata(id, metadata)),
    delete: (ids) => follower.following(ids, () => store.delete(ids)),
    async close() {
      await follower.close()
      await graph.close()
      await store.close()
    },
  }
}
