import type { SearchResponse } from '@lookalike/sdk'
import { expect, test } from 'vitest'
import { recordId } from '../../src/records/record-id.ts'
import { rerank } from '../../src/library/ranking/rerank.ts'
import { getJson, startServer } from '../support/server.ts'
import { importAll, SyntheticLibrary } from '../support/synthetic-library.ts'

const embedder = { id: 'visual:3@224', dimensions: 224 }

/** A chain: the query is near to a few of its kind, which are near to all of it; strangers are near to the query alone. */
function chain(library: SyntheticLibrary) {
  const kind = library.unrelated()
  const query = library.related(kind, 0.55)
  const near = Array.from({ length: 6 }, () => library.related(kind, 0.9))
  const strangers = Array.from({ length: 12 }, (_, at) => library.related(query, 0.44 + at / 200))
  return { query, near, strangers }
}

test('expanded ranking puts what lies together before what only lies near', () => {
  // One draw of random vectors may be an unlucky one in any number of dimensions: ten are counted together.
  const [byScore, expanded] = Array.from({ length: 10 }, (_, at) => at + 1)
    .map((seed) => nearOfFirst(chain(new SyntheticLibrary(embedder, { seed }))))
    .reduce((sums, found) => sums.map((sum, at) => sum + found[at]!), [0, 0])
  expect(byScore).toBeLessThan(45)
  expect(expanded).toBeGreaterThan(57)
  const { query, near } = chain(new SyntheticLibrary(embedder))
  expect(rerank(query, [], null)).toEqual([])
  expect(rerank(query, [near[0]!], null)).toEqual([0])
})

/** How many of the first six are of the query's kind: by score, and as ranked anew. */
function nearOfFirst({ query, near, strangers }: ReturnType<typeof chain>): number[] {
  const all = [...near, ...strangers]
  const score = (at: number) => all[at]!.reduce((sum, value, of) => sum + value * query[of]!, 0)
  const byScore = all.map((_, at) => at).sort((a, b) => score(b) - score(a))
  const candidates = byScore.map((at) => all[at]!)
  const expanded = rerank(query, candidates, null).map((at) => byScore[at]!)
  return [byScore, expanded].map(
    (ranking) => ranking.slice(0, near.length).filter((at) => at < near.length).length,
  )
}

test('a search may ask for it, and scores stay what they are', async () => {
  const server = await startServer()
  try {
    const library = new SyntheticLibrary(embedder)
    const { query, near: kind, strangers } = chain(library)
    const uri = (name: string) => `http://example.org/${name}`
    // Few enough that the sample is all of them, and the same each time.
    await importAll(server.url, [
      library.record(uri('query'), query),
      ...kind.map((vector, at) => library.record(uri(`near-${at}`), vector)),
      ...strangers.map((vector, at) => library.record(uri(`stranger-${at}`), vector)),
      ...Array.from({ length: 105 }, (_, at) => library.record(uri(`${at}`), library.unrelated())),
    ])
    const ask = async (query: string) => {
      const url = `${server.url}/api/images/${recordId(uri('query'))}/similar?${query}`
      const { status, body } = await getJson<SearchResponse>(url)
      return { status, scores: new Map(body.results?.map((each) => [each.image_uri, each.score])) }
    }
    const plain = await ask('limit=100')
    const expanded = await ask('limit=100&ranking=expanded')
    expect(plain.scores.size).toBe(100)
    expect([...expanded.scores].toSorted()).toEqual([...plain.scores].toSorted())
    const first = [...expanded.scores.keys()].slice(0, 6)
    const near = (names: Iterable<string>) =>
      [...names].slice(0, 6).filter((name) => name.includes('/near-')).length
    expect(near(first)).toBeGreaterThan(near(plain.scores.keys()))
    const few = await ask('limit=3&ranking=expanded&score_threshold=0.3')
    expect([...few.scores.keys()]).toEqual(first.slice(0, 3))
    expect((await ask('ranking=best')).status).toBe(400)
  } finally {
    await server.stop()
  }
})
