import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { ImageStore } from '../stores/image-store.ts'
import { describeImage } from './describe-image.ts'
import { followedStore } from './followed-store.ts'
import { GraphFollower } from './follower.ts'
import type { KnowledgeGraph } from './knowledge-graph.ts'
import { openOutbox } from './outbox.ts'
import { openGraph } from './registry.ts'
import { propertyMap } from './vocabulary.ts'

/** What describing says changes with this number; a library described by another is described anew. */
const vocabularyVersion = 1

export interface LibraryGraph {
  readonly graph: KnowledgeGraph
  /** The store, with the graph following it; closing it closes both. */
  readonly store: ImageStore
  readonly follower: GraphFollower | null
}

/** Opens the graph that the settings name and lets it follow the store. */
export async function openLibraryGraph(
  config: Config,
  store: ImageStore,
  publicUrl: string,
): Promise<LibraryGraph> {
  const graph = await openGraph(config)
  if (!graph.enabled) return { graph, store, follower: null }
  const properties = propertyMap(config.GRAPH_PROPERTIES)
  const follower = new GraphFollower({
    graph,
    store,
    outbox: openOutbox(join(config.DATA_DIR, 'graph-outbox.db')),
    describe: (record) => describeImage(record, { properties, publicUrl }),
    describedBy: JSON.stringify([vocabularyVersion, publicUrl, config.GRAPH_PROPERTIES]),
  })
  // In the background: a library of any size is served, and searched, from the first moment.
  void follower.begin()
  return { graph, store: followedStore(store, graph, follower), follower }
}
