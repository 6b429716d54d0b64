import { unitVector } from '../../records/vectors.ts'
import type { Filter } from '../../records/filter.ts'
import type { AnswerReads, Hit, VectorQuery } from '../../stores/image-store.ts'
import { type AskedText, canBeBeginnings, type Comparison, wordFilter } from './asked-text.ts'

/** What a text found. */
export interface FoundByText {
  /** In whose words all stands that was asked for, nearest first. */
  readonly named: Hit[]
  /** The nearest, whatever their words; those that are named among them. Empty where the embedder understands nothing. */
  readonly near: Hit[]
  /** What they were looked for with. */
  readonly vector: Float32Array
  /** The filter of `near`. */
  readonly filter: Filter | undefined
}

/** What is looked for, apart from words. */
export interface TextQuery {
  /** Null where the embedder understands nothing of the text. */
  readonly vector: Float32Array | null
  readonly limit: number
  readonly scoreThreshold?: number
  readonly filter: Filter | undefined
}

type Find = (query: VectorQuery) => Promise<Hit[]>
const comparisons: readonly Comparison[] = ['whole', 'beginning']

/**
 * What is named as a text says, and what is near to it. Beginnings of words count where no whole words were found: a
 * `cat` is no cathedral.
 *
 * @returns null where some of the words are known neither to the embedder nor to any record
 */
export async function findByText(
  store: AnswerReads,
  asked: AskedText,
  query: TextQuery,
  find: Find,
): Promise<FoundByText | null> {
  const { vector, ...rest } = query
  for (const comparison of comparisons) {
    if (comparison === 'beginning' && !canBeBeginnings(asked.wanted)) break
    const named = both(query.filter, wordFilter(asked.wanted, asked.unwanted, comparison))
    const needed = both(query.filter, wordFilter(asked.needed, asked.barred, comparison))
    const looked = vector ?? (await middleOf(store, named))
    if (!looked) continue
    const { scoreThreshold: _, ...open } = rest
    const [byWords, near] = await Promise.all([
      asked.wanted.length > 0
        ? find({ ...open, vector: looked, ...(named && { filter: named }) })
        : [],
      vector ? find({ ...rest, vector, ...(needed && { filter: needed }) }) : [],
    ])
    const isFound = byWords.length > 0 || (asked.needed.length > 0 && near.length > 0)
    if (isFound) return { named: byWords, near, vector: looked, filter: needed }
  }
  if (!vector || asked.needed.length > 0) return null
  const filter = both(query.filter, wordFilter([], asked.barred, 'whole'))
  const near = await find({ ...rest, vector, ...(filter && { filter }) })
  return { named: [], near, vector, filter }
}

/** Pictures whose middle is taken. */
const mostAveraged = 128

/** Where pictures lie that pass a filter; null where none does. */
async function middleOf(
  store: AnswerReads,
  filter: Filter | undefined,
): Promise<Float32Array | null> {
  const { records } = await store.list({ limit: mostAveraged, ...(filter && { filter }) })
  const found = await store.getWithVectors(records.map(({ id }) => id))
  if (found.length === 0) return null
  const sum = new Float32Array(found[0]!.vector.length)
  for (const { vector } of found) vector.forEach((value, at) => (sum[at]! += value))
  return unitVector(sum)
}

function both(one: Filter | undefined, other: Filter | undefined): Filter | undefined {
  if (!one || !other) return one ?? other
  return { must: [one, other] }
}
