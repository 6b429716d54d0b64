import type { ImageStore } from '../../stores/image-store.ts'
import type { VectorRecord } from '../../records/record.ts'
import type { Move, MoveReport } from './job.ts'

const maxSamples = 50
const neighbours = 10
const maxShown = 10

/**
 * How the neighbours of sampled records moved: each is searched for in both libraries with the vector
 * it has there.
 *
 * @param ids records of both; ids are hashes, so that every n-th by id is a fair sample, and the same one
 *   for the same library
 */
export async function neighbourOverlap(
  current: ImageStore,
  next: ImageStore,
  ids: string[],
  signal: AbortSignal,
): Promise<MoveReport> {
  const moves: Move[] = []
  for (const id of sample(ids)) {
    signal.throwIfAborted()
    const before = await neighboursOf(current, id)
    const after = await neighboursOf(next, id)
    if (before && after) moves.push(moveOf(before, after))
  }
  const overlaps = moves.map(({ kept, of }) => (of === 0 ? 1 : kept / of))
  return {
    sampled: moves.length,
    mean_overlap: moves.length > 0 ? overlaps.reduce((a, b) => a + b, 0) / moves.length : 1,
    same_first: moves.filter((move) => move.first_before === move.first_after).length,
    most_moved: moves
      .filter(({ kept, of }) => kept < of)
      .sort((a, b) => a.kept / a.of - b.kept / b.of)
      .slice(0, maxShown),
  }
}

function sample(ids: string[]): string[] {
  const sorted = ids.toSorted()
  const count = Math.min(maxSamples, sorted.length)
  return Array.from({ length: count }, (_, at) => sorted[Math.floor((at * sorted.length) / count)]!)
}

interface Neighbourhood {
  readonly record: VectorRecord
  /** Image URIs, nearest first, the record's own left out. */
  readonly uris: string[]
}

async function neighboursOf(store: ImageStore, id: string): Promise<Neighbourhood | null> {
  const [record] = await store.getWithVectors([id])
  if (!record) return null
  const hits = await store.search({ vector: record.vector, limit: neighbours + 1 })
  const others = hits.filter((hit) => hit.record.id !== id).slice(0, neighbours)
  return { record, uris: others.map((hit) => hit.record.imageUri) }
}

function moveOf(before: Neighbourhood, after: Neighbourhood): Move {
  const now = new Set(after.uris)
  return {
    id: before.record.id,
    image_uri: before.record.imageUri,
    kept: before.uris.filter((uri) => now.has(uri)).length,
    of: before.uris.length,
    first_before: before.uris[0] ?? null,
    first_after: after.uris[0] ?? null,
  }
}
