import type { ImageStore } from '../../src/stores/image-store.ts'
import type { ImageRecord, VectorRecord } from '../../src/records/record.ts'
import { leaning, library, record, unit } from '../conformance/stores/fixtures.ts'

export const crashLibrary = library
/** Small enough that the graph is rebuilt again and again while the process is being killed. */
export const crashOptions = { graphFrom: 40 }

const names = 400

export type Operation =
  | { kind: 'upsert'; records: VectorRecord[] }
  | { kind: 'metadata'; id: string; metadata: ImageRecord['metadata'] }
  | { kind: 'delete'; ids: string[] }

/**
 * The operations of the n-th step, which run at the same time on different records. They follow from
 * `step` alone, so that whoever knows how far a process came knows what it must have stored.
 */
export function operationsOf(step: number): Operation[] {
  const random = randomNumbers(step)
  const name = () => `crash-${Math.floor(random() * names)}`
  const taken = new Set<string>()
  const fresh = (count: number) =>
    Array.from({ length: count }, name).filter((each) => !taken.has(each) && taken.add(each))
  return Array.from({ length: 1 + Math.floor(random() * 3) }, (): Operation => {
    const kind = random()
    if (kind < 0.15) return { kind: 'delete', ids: fresh(5).map((each) => record(each).id) }
    if (kind < 0.3) {
      const [one = `crash-none-${step}`] = fresh(1)
      return { kind: 'metadata', id: record(one).id, metadata: { changed: step } }
    }
    const records = fresh(1 + Math.floor(random() * 20)).map((each) =>
      record(each, {
        description: `Step ${step}`,
        metadata: { step, tags: ['a', `b${step % 3}`] },
        vector: randomVector(random),
      }),
    )
    return { kind: 'upsert', records }
  })
}

export async function run(store: ImageStore, operation: Operation): Promise<void> {
  if (operation.kind === 'upsert') await store.upsert(operation.records)
  else if (operation.kind === 'delete') await store.delete(operation.ids)
  else await store.setMetadata(operation.id, operation.metadata)
}

/** What a library holds after an operation, by id. */
export function apply(held: Map<string, VectorRecord>, operation: Operation): void {
  if (operation.kind === 'upsert') {
    for (const each of operation.records) held.set(each.id, each)
  } else if (operation.kind === 'delete') {
    for (const id of operation.ids) held.delete(id)
  } else {
    const before = held.get(operation.id)
    if (before) held.set(operation.id, { ...before, metadata: operation.metadata })
  }
}

export function touchedBy(operation: Operation): string[] {
  if (operation.kind === 'upsert') return operation.records.map(({ id }) => id)
  return operation.kind === 'delete' ? operation.ids : [operation.id]
}

export function randomVector(random: () => number): Float32Array {
  const values = Array.from({ length: library.dimensions }, () => random() - 0.5)
  return values.every((value) => value === 0) ? leaning(0, 0) : unit(values)
}

/** Mulberry32: uniform in [0, 1). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
