import { addUsage, type Embedder } from '../../embedders/embedder.ts'
import type { Filter } from '../../records/filter.ts'
import { parseKeyPath } from '../../records/key-path.ts'
import { cosine } from '../../records/vectors.ts'
import type { AnswerNotes, Hit } from '../../stores/image-store.ts'
import { describeSample } from '../calibration/describe.ts'
import type { LibraryDeps } from '../deps.ts'
import { findDuplicates } from '../duplicates/find-duplicates.ts'
import { checkCandidates } from '../graph/candidates.ts'
import { combinedFilter, type SearchOutcome } from '../searching/search.ts'
import type { Run } from '../stages.ts'
import { withOneEmbedder } from '../searching/with-one-embedder.ts'
import { type Asked, type Choices, choices } from './choices.ts'
import { embedParts, type EmbeddedPart } from './embed-parts.ts'
import type { Group } from './groups.ts'
import { judgedImages, type WeightedImage } from './judgements.ts'
import { readText, wordFilter } from '../searching/asked-text.ts'
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

interface Looked extends Pick<Choices, 'chosen' | 'copies' | 'named'> {
  readonly page: ResultPage
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
