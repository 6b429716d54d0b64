import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Client, ExportedRecord } from '@lookalike/sdk'
import { readExport } from './read-export.ts'

const sampledQueries = 20
const comparedResults = 10
/** Stores keep 32-bit floats, and some normalise them again: scores differ by rounding. */
const tolerance = 1e-4

export interface Verdict {
  /** Why there was nothing to compare; null when there was. */
  skipped: string | null
  compared: number
  /** Ids of the queries whose best results are others than the export's own vectors say. */
  differing: string[]
}

interface Neighbour {
  id: string
  score: number
}

interface Query {
  id: string
  vector: Float32Array
  /** Best first, at most `comparedResults`. */
  expected: Neighbour[]
}

/**
 * Whether the library ranks as the export's vectors do: for queries spread evenly over the file, the
 * ten best by exact comparison are held against the server's. Needs the file alone, not the source.
 *
 * @param records how many records the file has
 */
export async function verifyRankings(
  client: Client,
  path: string,
  records: number,
): Promise<Verdict> {
  const { images } = await client.info()
  if (images !== records) {
    const skipped = `the library has ${images ?? 'an unknown number of'} images, the export ${records}`
    return { skipped, compared: 0, differing: [] }
  }
  const queries = await sampleQueries(path, records)
  await rankExactly(path, queries)
  const differing: string[] = []
  for (const query of queries) {
    const { results } = await client.similarTo(query.id, { limit: comparedResults })
    if (!agrees(query.expected, results)) differing.push(query.id)
  }
  return { skipped: null, compared: queries.length, differing }
}

async function sampleQueries(path: string, records: number): Promise<Query[]> {
  const step = Math.max(1, Math.floor(records / sampledQueries))
  const queries: Query[] = []
  let at = 0
  for await (const record of readExport(path)) {
    if (at++ % step === 0 && queries.length < sampledQueries) {
      queries.push({ id: record.id, vector: vectorOf(record), expected: [] })
    }
  }
  return queries
}

async function rankExactly(path: string, queries: Query[]): Promise<void> {
  let seen = 0
  for await (const record of readExport(path)) {
    const vector = vectorOf(record)
    for (const query of queries) {
      if (query.id === record.id) continue
      keepBest(query.expected, { id: record.id, score: dot(query.vector, vector) })
    }
    // A file that is in memory already would otherwise never let a signal through.
    if (++seen % 1000 === 0) await nextTurn()
  }
}

function keepBest(best: Neighbour[], candidate: Neighbour): void {
  if (best.length === comparedResults && candidate.score <= best.at(-1)!.score) return
  const at = best.findIndex(({ score }) => score < candidate.score)
  best.splice(at === -1 ? best.length : at, 0, candidate)
  if (best.length > comparedResults) best.pop()
}

/** Same scores at every rank, and none left out that is not tied with the last one. */
function agrees(expected: Neighbour[], found: Neighbour[]): boolean {
  if (expected.length !== found.length) return false
  const sameScores = expected.every(({ score }, at) => near(score, found[at]!.score))
  const ids = new Set(found.map(({ id }) => id))
  const last = found.at(-1)?.score ?? 0
  return sameScores && expected.every(({ id, score }) => ids.has(id) || near(score, last))
}

function near(one: number, other: number): boolean {
  return Math.abs(one - other) <= tolerance
}

/** An export writes vectors as little-endian 32-bit floats in base64. */
function vectorOf({ vector }: ExportedRecord): Float32Array {
  const bytes = Buffer.from(vector, 'base64')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float32Array.from({ length: bytes.length / 4 }, (_, at) => view.getFloat32(at * 4, true))
}

function dot(one: Float32Array, other: Float32Array): number {
  let sum = 0
  for (let at = 0; at < one.length; at++) sum += one[at]! * other[at]!
  return sum
}
