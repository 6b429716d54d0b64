import type { ImageStore } from '../../stores/image-store.ts'
import type { VectorRecord } from '../../records/record.ts'
import { yieldToOthers } from '../../yield-to-others.ts'
import type { OverlapSample, NeighbourOverlap } from './job.ts'

const maxSamples = 50
const neighbours = 10
const maxShown = 10

/**
 * How the neighbours of sampled records changed: each is searched for in both libraries with the vector
 * it has there.
 *
 * @param ids records of both; ids are hashes, so that every n-th by id is a fair sample, and the same one
 *   for the same library
 */
export async function measureOverlap(
  current: ImageStore,
  next: ImageStore,
  ids: string[],
  signal: AbortSignal,
): Promise<NeighbourOverlap> {
  const samples: OverlapSample[] = []
  for (const id of sample(ids)) {
    await yieldToOthers(signal)
    const before = await neighboursOf(current, id)
    const after = await neighboursOf(next, id)
    if (before && after) samples.push(overlapOf(before, after))
  }
  const overlaps = samples.map(({ shared, compared }) => (compared === 0 ? 1 : shared / compared))
  return {
    sampled: samples.length,
    mean: samples.length > 0 ? overlaps.reduce((a, b) => a + b, 0) / samples.length : 1,
    sameNearest: samples.filter((each) => each.nearestBefore === each.nearestAfter).length,
    lowest: samples
      .filter(({ shared, compared }) => shared < compared)
      .sort((a, b) => a.shared / a.compared - b.shared / b.compared)
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

function overlapOf(before: Neighbourhood, after: Neighbourhood): OverlapSample {
  const now = new Set(after.uris)
  return {
    id: before.record.id,
    imageUri: before.record.imageUri,
    shared: before.uris.filter((uri) => now.has(uri)).length,
    compared: before.uris.length,
    nearestBefore: before.uris[0] ?? null,
    nearestAfter: after.uris[0] ?? null,
  }
}
