import type { Room } from '../data-dir/room.ts'
import type { KnowledgeGraph } from './knowledge-graph.ts'
import type { GraphName, GraphSettings } from './settings.ts'

type Open = (settings: GraphSettings, dataDir: string, room?: Room) => Promise<KnowledgeGraph>

/** A driver is loaded when it is chosen. */
const drivers: Record<GraphName, Open> = {
  embedded: async (settings, dataDir, room) =>
    (await import('./embedded/index.ts')).default({
      dataDir,
      ...(room && { room }),
      deadlineMs: settings.GRAPH_TIMEOUT_MS,
      memoryBytes: settings.GRAPH_MEMORY_MB * 1e6,
    }),
  sparql: async (settings) =>
    (await import('./sparql/index.ts')).default({
      endpoint: settings.SPARQL_ENDPOINT,
      updateEndpoint: settings.SPARQL_UPDATE_ENDPOINT ?? settings.SPARQL_ENDPOINT,
      credentials:
        settings.SPARQL_USER === undefined
          ? null
          : { user: settings.SPARQL_USER, password: settings.SPARQL_PASSWORD ?? '' },
      deadlineMs: settings.GRAPH_TIMEOUT_MS,
      memoryBytes: settings.GRAPH_MEMORY_MB * 1e6,
    }),
  none: async () => (await import('./none/index.ts')).default(),
}

/** @param room on the disk of `dataDir` */
export function openGraph(
  settings: GraphSettings,
  dataDir: string,
  room?: Room,
): Promise<KnowledgeGraph> {
  return drivers[settings.GRAPH](settings, dataDir, room)
}
