import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { untilIdle } from '../../support/stores.ts'
import { dot, filters, library, record, vector } from '../../conformance/stores/fixtures.ts'
import { type Filter, filterDocument } from '../../../src/records/filter.ts'
import type { AnswerNotes, ImageStore } from '../../../src/stores/image-store.ts'
import type { VectorRecord } from '../../../src/records/record.ts'
import { matcher } from '../../../src/records/matches.ts'
import { openEmbeddedStore } from '../../../src/stores/embedded/store.ts'

/** So many that every way to answer a filtered query is taken: a tenth of them is compared by codes. */
const size = 1_500
const groups = 200

describe.each([
  ['below the size from which there is a graph', { graphFrom: 100_000, quantization: 'none' }],
  ['above it', { graphFrom: 100, quantization: 'none' }],
  ['above it, vectors rounded to 8 bits', { graphFrom: 100, quantization: 'int8' }],
] as const)('filtered search %s', (_, options) => {
  let folder: string
  let store: ImageStore
  let all: VectorRecord[]
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
    store = await openEmbeddedStore(folder, library, options)
    const made = fc.record({ vector, a: fc.constantFrom('x', 'y', 1, true, null), b: fc.nat(9) })
    all = fc
      .sample(made, { numRuns: size, seed: 1 })
      .map(({ vector, ...metadata }, index) =>
        record(`search-${index}`, { vector, metadata: { ...metadata, group: index % groups } }),
      )
    await store.upsert(all)
    await untilIdle(store)
  })
  afterAll(async () => {
    await store.close()
    await rm(folder, { recursive: true, force: true })
  })

  const expectExact = async (filter: Filter, query: Float32Array, limit = 10, offset = 0) => {
    const allowed = matcher(filter)
    const scores = all
      .filter((each) => allowed(filterDocument(each)))
      .map((each) => dot(each.vector, query))
      .sort((a, b) => b - a)
    const hits = await store.search({ vector: query, limit, offset, filter })
    expect(hits.map(({ score }) => score)).toEqual(
      scores.slice(offset, offset + limit).map((score) => expect.closeTo(score, 5)),
    )
    for (const hit of hits) expect(allowed(filterDocument(hit.record))).toBe(true)
  }

  test('an answer is approximate where a graph or rounded vectors proposed it, and exact elsewhere', async () => {
    const query = { vector: all[0]!.vector, limit: 10 }
    const engine = async (filter?: Filter) => {
      const notes: AnswerNotes = {}
      await store.forAnswer(notes).search({ ...query, ...(filter && { filter }) })
      return notes.engine
    }
    expect(await engine()).toBe(options.graphFrom < size ? 'approximate' : 'exact')
    // Few pass: they are compared one by one.
    expect(await engine({ must: [{ key: 'group', match: { value: 7 } }] })).toBe('exact')
    // More do: what their codes say is an estimate.
    expect(await engine({ must: [{ key: 'b', match: { value: 7 } }] })).toBe('approximate')
  })

  test('random filters let through what `matches` says, the nearest of it first', () =>
    fc.assert(
      fc.asyncProperty(filters, vector, (filter, query) => expectExact(filter, query)),
      { numRuns: 30, seed: 2 },
    ))

  test('a filter for few, anywhere in the library, finds every one of them', async () => {
    const [query] = fc.sample(vector, { numRuns: 1, seed: 3 })
    for (const value of [0, 99, groups - 1]) {
      await expectExact({ must: [{ key: 'group', match: { value } }] }, query!)
    }
  })

  test('pages go on to the last record that passes', async () => {
    const [query] = fc.sample(vector, { numRuns: 1, seed: 4 })
    const filter = { must: [{ key: 'b', match: { value: 7 } }] }
    for (const offset of [0, 40, 80, 120, 160]) await expectExact(filter, query!, 20, offset)
  })

  test('what is written is found by the next search, and what is deleted is not', async () => {
    const [query] = fc.sample(vector, { numRuns: 1, seed: 5 })
    const fresh = record('fresh', { vector: query! })
    await store.upsert([fresh])
    const first = { vector: query!, limit: 1 }
    expect((await store.search(first))[0]?.score).toBeCloseTo(1, 5)
    await store.delete([fresh.id])
    const hits = await store.search({ ...first, limit: 20 })
    expect(hits.map((hit) => hit.record.id)).not.toContain(fresh.id)
  })
})
