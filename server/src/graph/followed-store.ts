import type { ImageStore } from '../stores/image-store.ts'
import type { GraphFollower } from './follower.ts'
import type { KnowledgeGraph } from './knowledge-graph.ts'

/**
 * A store whose every write the graph hears of, whoever writes. Reads and searches go straight to the
 * store: they never depend on the graph.
 */
export function followedStore(
  store: ImageStore,
  graph: KnowledgeGraph,
  follower: GraphFollower,
): ImageStore {
  return {
    upsert: (records) =>
      follower.following(
        records.map(({ id }) => id),
        () => store.upsert(records),
      ),
    setMetadata: (id, metadata) => follower.following([id], () => store.setMetadata(id, metadata)),
    delete: (ids) => follower.following(ids, () => store.delete(ids)),
    search: (query) => store.search(query),
    get: (ids) => store.get(ids),
    getWithVectors: (ids) => store.getWithVectors(ids),
    findByContentHash: (hashes) => store.findByContentHash(hashes),
    list: (page) => store.list(page),
    facets: (key, limit, filter) => store.facets(key, limit, filter),
    count: (filter) => store.count(filter),
    ...(store.snapshot && { snapshot: () => store.snapshot!() }),
    health: () => store.health(),
    async close() {
      await follower.close()
      await graph.close()
      await store.close()
    },
  }
}
