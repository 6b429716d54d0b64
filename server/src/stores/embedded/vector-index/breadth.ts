import { cosine, unitVector } from '../../../records/vectors.ts'
import { yieldToOthers } from '../../../yield-to-others.ts'
import type { Notes } from '../truth/notes.ts'
import type { StoredVectors } from '../truth/stored-vectors.ts'

/** How many candidates a search of the graph keeps: the fewest that find enough are taken. */
const breadths = [64, 128, 256, 512, 1024] as const
export const narrowest = breadths[0]
/** Before anything was measured. */
export const usual = breadths[1]
/** What this finds is taken for all there is: within a hundredth it was, wherever it was compared. */
const widest = 2048

const breadthNote = 'index breadth'

const asked = 256
const wanted = 10
/** Of such questions. Of new vectors, where there is nothing to be led by, it was up to two hundredths less. */
const minRecall = 0.995
/** One question in a hundred loses its way and finds nothing: up to this share of them do not count, or one would decide. */
const maxLost = 0.02
/** Of another vector in a question: so far from all, it is about as hard to answer as a new picture. */
const share = 0.5
/** What cannot be told apart is as good. */
const same = 1e-6

/** An index, as it is asked here. */
interface Graph {
  readonly size: number
  nearest(vector: Float32Array, count: number, breadth: number): Promise<{ row: number }[]>
}

/** Scores of what a search of a breadth finds, best first. */
type Find = (vector: Float32Array, breadth: number) => Promise<number[]>

/** The least breadth with which `find` finds as much of the nearest as it should. */
export async function breadthFor(find: Find, questions: readonly Float32Array[]): Promise<number> {
  const bounds: number[] = []
  for (const vector of questions) bounds.push((await find(vector, widest))[wanted - 1]!)
  for (const breadth of breadths.slice(0, -1)) {
    let found = 0
    let lost = 0
    for (const [at, vector] of questions.entries()) {
      const scores = (await find(vector, breadth)).slice(0, wanted)
      const its = scores.filter((score) => score >= bounds[at]! - same).length
      found += its
      if (its === 0) lost++
    }
    const counted = questions.length - Math.min(lost, Math.floor(maxLost * questions.length))
    if (found >= minRecall * wanted * counted) return breadth
  }
  return breadths.at(-1)!
}

/** The same for an index, asked between vectors of its own: how hard a graph is to search depends on what is in it. */
export async function measuredBreadth(index: Graph, vectors: StoredVectors): Promise<number> {
  if (index.size <= widest) return usual
  const drawn = vectors.sample(2 * asked)
  const questions = drawn.slice(asked).map((vector, at) => {
    const other = drawn[at]!
    return unitVector(vector.map((value, axis) => value + share * other[axis]!))
  })
  return breadthFor(async (vector, breadth) => {
    await yieldToOthers()
    // Twice as many, for rounded vectors bring some a little further behind.
    const found = await index.nearest(vector, 2 * wanted, breadth)
    const stored = vectors.ofRows(found.map(({ row }) => row))
    return stored.map((each) => cosine(vector, each.vector)).sort((a, b) => b - a)
  }, questions)
}

/** As it was measured when the graph last took vectors in. */
export function notedBreadth(notes: Notes): number {
  return Number(notes.read(breadthNote) ?? usual)
}

/** Inside a transaction. */
export function noteBreadth(notes: Notes, breadth: number): void {
  notes.write(breadthNote, breadth)
}
