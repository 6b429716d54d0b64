import type { Config } from '../config.ts'
import type { KnowledgeGraph } from './knowledge-graph.ts'

/** Name in `GRAPH` -> folder beside this file. A driver is loaded when it is chosen. */
export const graphNames = ['embedded', 'sparql', 'none'] as const
export type GraphName = (typeof graphNames)[number]

type OpenGraph = (config: Config) => Promise<KnowledgeGraph>

const drivers: Record<GraphName, OpenGraph> = {
  embedded: async (config) =>
    (await import('./embedded/index.ts')).default({
      dataDir: config.DATA_DIR,
      deadlineMs: config.GRAPH_TIMEOUT_MS,
    }),
  sparql: async (config) =>
    (await import('./sparql/index.ts')).default({
      endpoint: config.SPARQL_ENDPOINT,
      updateEndpoint: config.SPARQL_UPDATE_ENDPOINT ?? config.SPARQL_ENDPOINT,
      deadlineMs: config.GRAPH_TIMEOUT_MS,
    }),
  none: async () => (await import('./none/index.ts')).default(),
}

export function openGraph(config: Config): Promise<KnowledgeGraph> {
  return drivers[config.GRAPH](config)
}
