import { LookalikeError } from '../../errors.ts'
import type { KnowledgeGraph } from '../knowledge-graph.ts'

/** No graph: what would be written is dropped, and every query is answered with how to have one. */
export default function openNoGraph(): KnowledgeGraph {
  const refuse = async () => {
    throw new LookalikeError(
      'unsupported',
      'This server keeps no knowledge graph (GRAPH=none). Start it with GRAPH=embedded to have one.',
    )
  }
  return {
    enabled: false,
    put: async () => {},
    remove: async () => {},
    revision: async () => null,
    imageCount: async () => 0,
    imageIds: async () => [],
    query: refuse,
    update: refuse,
    add: refuse,
    export: refuse,
    health: async () => ({ status: 'ok', detail: 'No knowledge graph is kept (GRAPH=none).' }),
    close: async () => {},
  }
}
