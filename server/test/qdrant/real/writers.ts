import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { VectorRecord } from '../../../src/records/record.ts'
import type { ImageStore } from '../../../src/stores/image-store.ts'
import { leaning, record } from '../../conformance/stores/fixtures.ts'

/** Programs that write one record after the other, and remember which of them were acknowledged. */
export class Writers {
  readonly acknowledged: VectorRecord[] = []
  failures = 0
  #stopped = false
  readonly #running: Promise<void>[]

  constructor(stores: ImageStore[]) {
    this.#running = stores.map((store, writer) => this.#write(store, writer))
  }

  async #write(store: ImageStore, writer: number): Promise<void> {
    for (let turn = 0; !this.#stopped; turn++) {
      const each = record(`writer-${writer}-${turn}`, {
        metadata: { writer, turn, parity: turn % 2 === 0 ? 'even' : 'odd' },
        vector: leaning(turn, (turn % 10) / 10),
      })
      try {
        await store.upsert([each])
        this.acknowledged.push(each)
      } catch (error) {
        expect(error).toMatchObject({ code: 'store_unavailable' })
        this.failures++
        await sleep(50)
      }
    }
  }

  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#running)
  }
}

/** Everything that was acknowledged is there as it was written, and is found. */
export async function expectAll(store: ImageStore, records: VectorRecord[]): Promise<void> {
  const found = new Map(
    (await store.getWithVectors(records.map(({ id }) => id))).map((each) => [each.id, each]),
  )
  for (const { vector, ...written } of records) {
    const { vector: kept, ...facts } = found.get(written.id)!
    expect(facts).toEqual(written)
    expect(Math.max(...kept.map((value, at) => Math.abs(value - vector[at]!)))).toBeLessThan(1e-6)
  }
  expect(await store.count()).toBeGreaterThanOrEqual(records.length)
  const filter = { must: [{ key: 'parity', match: { value: 'even' } }] }
  expect(await store.count(filter)).toBeGreaterThanOrEqual(
    records.filter(({ metadata }) => metadata['parity'] === 'even').length,
  )
}

/** Asks until it is answered: a server needs a moment after a kill. */
export async function eventually<T>(ask: () => Promise<T>, withinMs = 60_000): Promise<T> {
  const end = performance.now() + withinMs
  for (;;) {
    try {
      return await ask()
    } catch (error) {
      if (performance.now() > end) throw error
      await sleep(200)
    }
  }
}
