import type { KnowledgeGraph } from './knowledge-graph.ts'
import type { GraphName, GraphSettings } from './settings.ts'

type Open = (settings: GraphSettings, dataDir: string) => Promise<KnowledgeGraph>

/** A driver is loaded when it is chosen. */
const drivers: Record<GraphName, Open> = {
  embedded: async (settings, dataDir) =>
    (await import('./embedded/index.ts')).default({
      dataDir,
      deadlineMs: settings.GRAPH_TIMEOUT_MS,
      memoryBytes: settings.GRAPH_MEMORY_MB * 1e6,
    }),
  sparql: async (settings) =>
    (await import('./sparql/index.ts')).default({
      endpoint: settings.SPARQL_ENDPOINT,
      updateEndpoint: settings.SPARQL_UPDATE_ENDPOINT ?? settings.SPARQL_ENDPOINT,
      deadlineMs: settings.GRAPH_TIMEOUT_MS,
      memoryBytes: settings.GRAPH_MEMORY_MB * 1e6,
    }),
  none: async () => (await import('./none/index.ts')).default(),
}

export function openGraph(settings: GraphSettings, dataDir: string): Promise<KnowledgeGraph> {
  return drivers[settings.GRAPH](settings, dataDir)
}
