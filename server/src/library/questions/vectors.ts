import type { AnswerReads, Hit } from '../../stores/image-store.ts'

/** Reads the vectors of hits that are not known yet, by id; one that is gone meanwhile stays without. */
export async function readVectors(
  store: AnswerReads,
  hits: readonly Hit[],
  known: Map<string, Float32Array>,
): Promise<void> {
  const missing = hits.map(({ record }) => record.id).filter((id) => !known.has(id))
  if (missing.length === 0) return
  for (const { id, vector } of await store.getWithVectors(missing)) known.set(id, vector)
}
