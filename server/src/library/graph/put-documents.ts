import { LookalikeError } from '../../errors.ts'
import type { ImageDocument, KnowledgeGraph } from '../../graph/knowledge-graph.ts'

/** A document that the graph does not take, whatever else it is sent with. */
export interface RefusedDocument {
  readonly id: string
  readonly why: string
}

/**
 * Puts documents into the graph; those that it refuses are looked for by halves, so that they hold up no others.
 *
 * @param stubborn whether a graph that answers, and yet does not take these documents, has had its chances
 * @throws what the graph throws when it is the graph that fails
 */
export async function putDocuments(
  graph: KnowledgeGraph,
  documents: ImageDocument[],
  revision: string,
  stubborn: boolean,
): Promise<RefusedDocument[]> {
  try {
    await graph.put(documents, revision)
    return []
  } catch (error) {
    if (!(await isRefusal(graph, error, stubborn))) throw error
    const [first] = documents
    if (documents.length === 1) return [{ id: first!.id, why: (error as Error).message }]
    const half = Math.ceil(documents.length / 2)
    return [
      ...(await putDocuments(graph, documents.slice(0, half), revision, stubborn)),
      ...(await putDocuments(graph, documents.slice(half), revision, stubborn)),
    ]
  }
}

async function isRefusal(graph: KnowledgeGraph, error: unknown, stubborn: boolean) {
  if (!(error instanceof LookalikeError)) return false
  if (error.code === 'invalid_query') return true
  const isGraph = error.code === 'graph_unavailable' || error.code === 'query_too_heavy'
  return isGraph && stubborn && (await graph.health()).status === 'ok'
}
