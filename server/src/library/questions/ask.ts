import { addUsage, type Embedder } from '../../embedders/embedder.ts'
import type { Filter } from '../../records/filter.ts'
import { parseKeyPath } from '../../records/key-path.ts'
import { cosine } from '../../records/vectors.ts'
import type { AnswerNotes, Hit, VectorQuery } from '../../stores/image-store.ts'
import { choose, type Chosen } from '../calibration/choose.ts'
import { describeSample } from '../calibration/describe.ts'
import { judge, type Judged, mayBeCopies } from '../calibration/judge.ts'
import type { Sample } from '../calibration/sample.ts'
import { copiesOfQuery } from '../copies/copies-of-query.ts'
import type { AnswerDeps, LibraryDeps } from '../deps.ts'
import { findDuplicates } from '../duplicates/find-duplicates.ts'
import { distinctHits } from '../duplicates/nearest-distinct.ts'
import { checkCandidates } from '../graph/candidates.ts'
import { combinedFilter, type SearchOutcome } from '../searching/search.ts'
import type { Run } from '../stages.ts'
import { withOneEmbedder } from '../searching/with-one-embedder.ts'
import { embedParts, type EmbeddedPart } from './embed-parts.ts'
import type { Group } from './groups.ts'
import { judgedImages, type WeightedImage } from './judgements.ts'
import { likeAll } from './like-all.ts'
import { readText, wordFilter } from '../searching/asked-text.ts'
import { type Nearest, nearestInOrder } from './near-sum.ts'
import { pageOf, type ResultPage } from './page.ts'
import type { Part, QuestionOptions } from './question.ts'
import { sumOf } from './sum.ts'
import { readVectors } from './vectors.ts'

/** How many pictures are looked at for one answer, at most, beside those that are left out. */
const mostLooked = { sum: 2000, all: 1000 }
/** Of each part, at first: what is like all is seldom among the first few of any. */
const leastDepth = 200
const growth = 4

export interface QuestionOutcome extends SearchOutcome {
  readonly parts: EmbeddedPart[]
  /** Images that were judged and are there, with what each counts. */
  readonly judged: WeightedImage[]
  /** The scores of each hit with the parts, by id. */
  readonly partScores: Map<string, number[]>
  readonly groups: Group[] | null
  readonly nextOffset: number | null
  /** Whether it is certain that no picture that was not looked at belongs here. */
  readonly isComplete: boolean
}

/**
 * The indexed images that a question of several parts is about; images that are parts of it are left out.
 *
 * @throws LookalikeError what searches throw, of parts with their place; `invalid_parameter` for parts that cancel each
 *   other and for keys that are none
 */
export async function askQuestion(
  deps: LibraryDeps,
  parts: readonly Part[],
  options: QuestionOptions,
  run: Run,
): Promise<QuestionOutcome> {
  // Before anything is paid for.
  if (options.sparql !== undefined) await checkCandidates(options.sparql)
  if (options.groupBy !== undefined) parseKeyPath(options.groupBy)
  if (options.sort && 'key' in options.sort) parseKeyPath(options.sort.key)
  return withOneEmbedder(deps, () => askOnce(deps, parts, options, run))
}

/** What stays the same however many pictures are looked at. */
interface Asked {
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

interface Looked {
  readonly named: ReadonlySet<string>
  readonly page: ResultPage
  readonly chosen: Chosen
  readonly copies: SearchOutcome['copies']
  readonly isComplete: boolean
}

async function askOnce(
  library: LibraryDeps,
  question: readonly Part[],
  options: QuestionOptions,
  run: Run,
): Promise<QuestionOutcome> {
  const notes: AnswerNotes = {}
  const deps = { ...library, store: library.store.forAnswer(notes) }
  const parts = await embedParts(deps, question, run)
  run.stages.begin('search')
  const judged = await judgedImages(deps.store, options.judgements)
  const filter = await combinedFilter(deps, options, run.signal)
  const { scoreThreshold } = options
  const sample = await library.calibration.sample(library)
  const asked: Asked = {
    deps,
    parts,
    sum: refined(asOne(parts, options), judged),
    // 0 means no cut, as in every search.
    query: { ...(filter && { filter }), ...(scoreThreshold ? { scoreThreshold } : {}) },
    named: namedBy(library.embedder, question, options, filter),
    left: new Set([...options.exclude, ...parts.flatMap(({ id }) => id ?? [])]),
    sample,
    options,
    vectors: new Map(),
    count: async () => (filter ? library.store.count(filter) : (sample?.pictures ?? 0)),
  }
  const { page, chosen, copies, named, isComplete } = await look(asked, run)
  await readVectors(deps.store, page.hits, asked.vectors)
  const shown = [...page.hits, ...(chosen.nearest ? [chosen.nearest] : [])]
  const duplicates = await findDuplicates(
    deps,
    shown.map(({ record }) => record),
  )
  const [only] = parts.length === 1 ? parts : []
  return {
    query: {
      filename: only?.filename ?? null,
      description: descriptionOf(parts),
      file: only?.file ?? null,
    },
    ...chosen,
    hits: page.hits,
    named,
    calibration: describeSample(sample),
    duplicates,
    copies,
    notes,
    cached: parts.every(({ cached }) => cached),
    usage: parts.map(({ usage }) => usage).reduce(addUsage),
    parts,
    judged,
    partScores: scoresOf(parts, page.hits, asked.vectors),
    groups: page.groups,
    nextOffset: page.nextOffset,
    isComplete,
  }
}

/** Looks at more and more pictures, until none that was not looked at can be on the page. */
async function look(asked: Asked, run: Run): Promise<Looked> {
  const { deps, options, left, vectors } = asked
  const { offset, limit, sort, diversity, among, combine } = options
  const most = mostLooked[combine] + left.size
  const isReordered = sort !== undefined || diversity > 0
  // One more than the page tells whether there is another, and one more those of the same score.
  const needed = Math.max(offset + limit + 1, isReordered ? among : 0) + left.size + 1
  let size = Math.min(most, combine === 'all' ? Math.max(needed, leastDepth) : needed)
  for (;;) {
    run.signal.throwIfAborted()
    const isLast = size >= most
    const { chosen, copies, named, isAll, isCertain } = await choices(asked, size, isLast)
    const page = await pageOf(deps.store, chosen.hits, options, vectors)
    const isComplete = isCertain && (isAll || page.isSettled)
    if (isAll || isLast || page.isSettled) return { page, chosen, copies, named, isComplete }
    size = Math.min(most, growth * size)
  }
}

/** What is shown of so many pictures, best first. */
async function choices(asked: Asked, size: number, isLast: boolean) {
  const { deps, parts, sum, query, left, sample, options } = asked
  const hasDistinct = options.hideDuplicates ?? options.cut === 'auto'
  const known = deps.copies.known
  const narrowed = <T extends Hit>(hits: T[]): T[] => {
    const kept = hits.filter(({ record }) => !left.has(record.id))
    return hasDistinct ? (distinctHits(known, kept) as T[]) : kept
  }
  if (options.combine === 'all') {
    const looking = { depth: size, isLast }
    const found = await likeAll(deps.store, parts, query, sample, looking, asked.vectors)
    const hits = narrowed(found.hits)
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
  const wanted = { ...query, vector: sum.vector }
  const first = await namedFirst(asked, size, isLast)
  // While there are more that are named so, none of the others has its turn.
  const found = first.isAll
    ? await nearestInOrder(deps.store, { ...wanted, limit: size }, isLast)
    : { hits: [], isAll: false }
  const named = new Set(first.hits.map(({ record }) => record.id))
  const both = narrowed([
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
      return (await judge(sum, narrowed(nearest), judging)).hits[0]
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

/** What is named as a text says; of what is no text alone, nothing. */
async function namedFirst(
  { deps, sum, named: filter }: Asked,
  limit: number,
  isLast: boolean,
): Promise<Nearest> {
  if (!filter) return { hits: [], isAll: true }
  return nearestInOrder(deps.store, { vector: sum.vector, filter, limit }, isLast)
}

function namedBy(
  embedder: Embedder,
  parts: readonly Part[],
  { combine }: QuestionOptions,
  filter: Filter | undefined,
): Filter | null {
  const [only] = parts
  if (parts.length > 1 || !only || !('text' in only.query) || combine === 'all') return null
  const { wanted, unwanted } = readText(embedder, only.query.text)
  const named = wanted.length > 0 && wordFilter(wanted, unwanted, 'whole')
  return named ? { must: [named, ...(filter ? [filter] : [])] } : null
}

/** Whether the last was not good enough: then none behind it is. */
function isCutOff(hits: readonly Hit[], { hits: kept }: Chosen): boolean {
  return hits.length > 0 && kept.at(-1)?.record.id !== hits.at(-1)!.record.id
}

function asOne(parts: EmbeddedPart[], { combine }: QuestionOptions): Asked['sum'] {
  const [only] = parts
  if (parts.length > 1 || !only) {
    return { vector: combine === 'sum' ? sumOf(parts) : parts[0]!.vector, file: null }
  }
  const { vector, file, image, bounds } = only
  // A region is another picture than its file is.
  return only.isRegion
    ? { vector, file: null }
    : { vector, file, ...(image && { image }), ...(bounds && { bounds }) }
}

/** The question moved by what was judged; it is about the same picture as before. */
function refined(sum: Asked['sum'], judged: readonly WeightedImage[]): Asked['sum'] {
  if (judged.length === 0) return sum
  return { ...sum, vector: sumOf([{ vector: sum.vector, weight: 1 }, ...judged]) }
}

function descriptionOf(parts: EmbeddedPart[]): string {
  if (parts.length === 1) return parts[0]!.description
  return parts
    .map(({ description, weight }) => (weight < 0 ? `not: ${description}` : description))
    .join(' / ')
}

function scoresOf(
  parts: EmbeddedPart[],
  hits: readonly Hit[],
  vectors: Map<string, Float32Array>,
): Map<string, number[]> {
  const all = new Map<string, number[]>()
  for (const { record } of hits) {
    const vector = vectors.get(record.id)
    if (vector) all.set(record.id, parts.map((part) => cosine(part.vector, vector))) // prettier-ignore
  }
  return all
}
