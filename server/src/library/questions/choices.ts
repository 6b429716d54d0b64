import type { Filter } from '../../records/filter.ts'
import type { Hit, VectorQuery } from '../../stores/image-store.ts'
import { choose, type Chosen } from '../calibration/choose.ts'
import { judge, type Judged, mayBeCopies } from '../calibration/judge.ts'
import type { Sample } from '../calibration/sample.ts'
import { copiesOfQuery } from '../copies/copies-of-query.ts'
import type { AnswerDeps } from '../deps.ts'
import { distinctHits } from '../duplicates/nearest-distinct.ts'
import type { SearchOutcome } from '../searching/search.ts'
import type { EmbeddedPart } from './embed-parts.ts'
import { likeAll } from './like-all.ts'
import { type Nearest, nearestInOrder } from './near-sum.ts'
import type { QuestionOptions } from './question.ts'

/** What stays the same however many pictures are looked at. */
export interface Asked {
  readonly deps: AnswerDeps
  readonly parts: EmbeddedPart[]
  /** The sum of the parts; of one part, itself. */
  readonly sum: Pick<EmbeddedPart, 'vector' | 'file' | 'image' | 'bounds'>
  readonly query: Omit<VectorQuery, 'vector' | 'limit'>
  /** Of a text alone: what passes the filter and is named so. */
  readonly named: Filter | null
  readonly left: ReadonlySet<string>
  readonly sample: Sample | null
  readonly options: QuestionOptions
  /** Those that were read, by id. */
  readonly vectors: Map<string, Float32Array>
  readonly count: () => Promise<number>
}

/** What there is to show, of as many pictures as were looked at. */
export interface Choices {
  readonly chosen: Chosen
  readonly copies: SearchOutcome['copies']
  /** Ids of those that are named as the text says. */
  readonly named: ReadonlySet<string>
  /** Whether looking at more would show no others. */
  readonly isAll: boolean
  /** Whether it is certain that none that was not looked at belongs among them. */
  readonly isCertain: boolean
}

/** What is shown of so many pictures, best first. */
export function choices(asked: Asked, size: number, isLast: boolean): Promise<Choices> {
  return asked.options.combine === 'all'
    ? choicesLikeAll(asked, size, isLast)
    : choicesNearSum(asked, size, isLast)
}

async function choicesLikeAll(asked: Asked, size: number, isLast: boolean): Promise<Choices> {
  const { deps, parts, query, sample, options } = asked
  const looking = { depth: size, isLast }
  const found = await likeAll(deps.store, parts, query, sample, looking, asked.vectors)
  const hits = narrowed(asked, found.hits)
  const judged: Judged = { hits, background: null, pictures: 0, usual: null }
  const chosen = await choose(judged, options, { pictures: asked.count, nearest: async () => undefined }) // prettier-ignore
  const isAll = found.isAll || isCutOff(hits, chosen)
  return {
    chosen,
    copies: new Map(),
    named: new Set<string>(),
    isAll,
    isCertain: found.isCertain,
  }
}

async function choicesNearSum(asked: Asked, size: number, isLast: boolean): Promise<Choices> {
  const { deps, sum, query, left, sample, options } = asked
  const known = deps.copies.known
  const wanted = { ...query, vector: sum.vector }
  const first = await namedFirst(asked, size, isLast)
  // While there are more that are named so, none of the others has its turn.
  const found = first.isAll
    ? await nearestInOrder(deps.store, { ...wanted, limit: size }, isLast)
    : { hits: [], isAll: false }
  const named = new Set(first.hits.map(({ record }) => record.id))
  const both = narrowed(asked, [
    ...first.hits,
    ...found.hits.filter(({ record }) => !named.has(record.id)),
  ])
  const hits = both.filter(({ record }) => !named.has(record.id))
  const likely = sum.file ? mayBeCopies(hits, sum.vector, sample) : []
  const records = likely.map(({ record }) => record)
  const copies = await copiesOfQuery(deps.copies, sum, records)
  const judging = { sample, known, copies }
  const judged = await judge(sum, hits, judging)
  const kept = await choose(judged, options, {
    pictures: asked.count,
    nearest: async () => {
      if (named.size > 0) return undefined
      const { scoreThreshold: _, ...open } = wanted
      const nearest = await deps.store.search({ ...open, limit: left.size + 1 })
      return (await judge(sum, narrowed(asked, nearest), judging)).hits[0]
    },
  })
  const isAll = found.isAll || (first.isAll && isCutOff(judged.hits, kept))
  if (named.size === 0) return { chosen: kept, copies, named, isAll, isCertain: true }
  const byWords = await judge(
    sum,
    both.filter(({ record }) => named.has(record.id)),
    judging,
  )
  const chosen = { ...kept, hits: [...byWords.hits, ...kept.hits], nearest: null, note: null }
  return { chosen, copies, named, isAll, isCertain: true }
}

/** Without those that are left out, and where that is wanted with the best alone of those that show the same picture. */
function narrowed<T extends Hit>({ deps, left, options }: Asked, hits: T[]): T[] {
  const kept = hits.filter(({ record }) => !left.has(record.id))
  const hasDistinct = options.hideDuplicates ?? options.cut === 'auto'
  return hasDistinct ? (distinctHits(deps.copies.known, kept) as T[]) : kept
}

/** What is named as a text says; of what is no text alone, nothing. */
async function namedFirst(
  { deps, sum, named: filter }: Asked,
  limit: number,
  isLast: boolean,
): Promise<Nearest> {
  if (!filter) return { hits: [], isAll: true }
  return nearestInOrder(deps.store, { vector: sum.vector, filter, limit }, isLast)
}

/** Whether the last was not good enough: then none behind it is. */
function isCutOff(hits: readonly Hit[], { hits: kept }: Chosen): boolean {
  return hits.length > 0 && kept.at(-1)?.record.id !== hits.at(-1)!.record.id
}
