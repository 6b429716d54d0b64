import { describeImage } from '../../graph/describe-image.ts'
import type { KnowledgeGraph } from '../../graph/knowledge-graph.ts'
import { propertyMap } from '../../graph/vocabulary.ts'
import type { ImageRecord } from '../../records/record.ts'
import type { ImageStore } from '../../stores/image-store.ts'
import { followedStore } from './followed-store.ts'
import { GraphFollower } from './follower.ts'
import { openOutbox } from './outbox.ts'

/** What describing says changes with this number; a library described by another is described again. */
const vocabularyVersion = 2

export interface LibraryGraphOptions {
  readonly dataDir: string
  readonly publicUrl: string
  /** Properties for metadata keys, beside those that the vocabulary has. */
  readonly properties: { readonly [key: string]: string }
}

export interface LibraryGraph {
  /** The store, with the graph following it; closing it closes both. */
  readonly store: ImageStore
  readonly follower: GraphFollower | null
}

/** How records are described, and a name for that: another one means that everything is described again. */
export function graphDescription({
  publicUrl,
  properties: given,
}: Pick<LibraryGraphOptions, 'publicUrl' | 'properties'>) {
  const properties = propertyMap(given)
  return {
    describe: (record: ImageRecord) => describeImage(record, { properties, publicUrl }),
    describedBy: JSON.stringify([vocabularyVersion, publicUrl, given]),
  }
}

/** Lets a graph follow the store; a graph that keeps nothing is left alone. */
export function openLibraryGraph(
  graph: KnowledgeGraph,
  store: ImageStore,
  { dataDir, ...settings }: LibraryGraphOptions,
): LibraryGraph {
  if (!graph.enabled) return { store, follower: null }
  const follower = new GraphFollower({
    graph,
    store,
    outbox: openOutbox(dataDir),
    ...graphDescription(settings),
  })
  // In the background: a library of any size is served, and searched, from the first moment.
  follower.begin()
  return { store: followedStore(store, graph, follower), follower }
}
