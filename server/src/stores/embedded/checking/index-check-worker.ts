import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { dot } from '../../../records/vectors.ts'
import { IndexFolder } from '../vector-index/index-folder.ts'
import { sealNote } from '../vector-index/seal.ts'
import { OtherShape, VectorIndex } from '../vector-index/vector-index.ts'
import { openLibrary } from '../truth/library-file.ts'
import { Truth } from '../truth/truth.ts'
import { nothingCompared, sealOf, type IndexState, type IndexTask } from './index-check.ts'

const sampled = 100
const wanted = 10
/** Rounded vectors bring some of the nearest a little further behind. */
const behind: Record<IndexTask['quantization'], number> = { none: 1, fp16: 2, int8: 2 }
const chunk = 500
/** Scores that cannot be told apart: copies of one picture may stand for each other. */
const same = 1e-4

process.once('message', async (task: IndexTask) => {
  try {
    process.send!(await check(task))
  } catch (error) {
    process.send!((error as Error).message)
  }
  process.disconnect!()
})

async function check({ dataDir, library, quantization }: IndexTask): Promise<IndexState> {
  const database = openLibrary(dataDir, library)
  const truth = new Truth(database)
  const seal = truth.notes.read(sealNote)
  if (seal === null || seal !== sealOf(dataDir)) return { ...nothingCompared, state: 'unsealed' }
  const shape = { dimensions: library.dimensions, quantization }
  let index
  try {
    index = VectorIndex.open(join(dataDir, 'vectors', 'collection'), shape)
    const held = compareEntries(index, truth)
    return {
      state: 'compared',
      ...held,
      ...(await compareNeighbours(index, truth, behind[quantization])),
    }
  } catch (error) {
    const state = error instanceof OtherShape ? 'unsealed' : 'unreadable'
    return { ...nothingCompared, state }
  } finally {
    index?.close()
    // Opening writes as well, and the seal vouches for what is on the disk.
    await new IndexFolder(join(dataDir, 'vectors'), shape).sync()
    database.close()
  }
}

function compareEntries(index: VectorIndex, truth: Truth) {
  let entries = 0
  let stale = 0
  let stray = 0
  const seen = new Set<number>()
  for (const { row, version } of index.entries()) {
    entries++
    const [now] = truth.vectors.versions([row])
    if (!now || seen.has(row)) stray++
    else if (now.version !== version) stale++
    seen.add(row)
  }
  return { entries, stale, stray, missing: truth.count() - (entries - stray) }
}

interface Query {
  readonly row: number
  readonly vector: Float32Array
  /** The best scores there are, by comparing all; best first. */
  best: number[]
}

/** Asks for vectors that it holds: what versions and counts cannot tell is whether each answers for itself. */
async function compareNeighbours(index: VectorIndex, truth: Truth, factor: number) {
  const queries = sampleOf(truth)
  for (let row = 0; ; await setImmediate()) {
    const stored = truth.vectors.after(row, chunk)
    if (stored.length === 0) break
    for (const query of queries) {
      const scores = stored.map(({ vector }) => dot(query.vector, vector))
      query.best = [...query.best, ...scores].sort((a, b) => b - a).slice(0, wanted)
    }
    row = stored.at(-1)!.row
  }
  let lost = 0
  let found = 0
  let expected = 0
  for (const { vector, best } of queries) {
    const answers = await index.nearest(vector, factor * wanted)
    const rows = answers.map(({ row }) => row)
    const held = new Map(truth.vectors.ofRows(rows).map((each) => [each.row, each.vector]))
    const scores = rows.map((row) => (held.has(row) ? dot(vector, held.get(row)!) : -1))
    const isAtLeast = (bound: number) => (score: number) => score >= bound - same
    if (!scores.slice(0, factor).some(isAtLeast(best[0]!))) lost++
    expected += best.length
    found += Math.min(best.length, scores.filter(isAtLeast(best.at(-1)!)).length)
  }
  return { asked: queries.length, lost, recall: expected === 0 ? 1 : found / expected }
}

/** Spread over the library: what was mixed up together lies together. */
function sampleOf(truth: Truth): Query[] {
  const last = truth.vectors.lastRow()
  const queries = new Map<number, Query>()
  for (let n = 0; n < sampled; n++) {
    const [next] = truth.vectors.after(Math.floor((n * last) / sampled), 1)
    if (next) queries.set(next.row, { ...next, best: [] })
  }
  return [...queries.values()]
}
