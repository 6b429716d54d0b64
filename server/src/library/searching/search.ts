import type { Usage } from '../../embedders/embedder.ts'
import type { Filter } from '../../records/filter.ts'
import type { AnswerNotes, Hit, VectorQuery } from '../../stores/image-store.ts'
import type { FileFacts } from '../../records/record.ts'
import type { Change } from '../../images/comparison/change.ts'
import { type Calibrated, describeSample } from '../calibration/describe.ts'
import { judge, mayBeCopies, type JudgedHit } from '../calibration/judge.ts'
import type { Match } from '../calibration/match.ts'
import { choose } from '../calibration/choose.ts'
import { copiesOfQuery } from '../copies/copies-of-query.ts'
import { findDuplicates } from '../duplicates/find-duplicates.ts'
import { nearestDistinct } from '../duplicates/nearest-distinct.ts'
import type { DuplicateOf } from '../copies/same-picture.ts'
import { candidatesOf, checkCandidates } from '../graph/candidates.ts'
import type { AnswerDeps, LibraryDeps } from '../deps.ts'
import { embedQuery, type PictureQuery } from '../query.ts'
import { nearestExpanded } from '../ranking/nearest-expanded.ts'
import type { Run } from '../stages.ts'
import { withOneEmbedder } from './with-one-embedder.ts'

export interface SearchOptions {
  readonly limit: number
  readonly scoreThreshold?: number | undefined
  readonly filter?: Filter | undefined
  /** Of results that show the same picture, only the best; where it is not said, so it is with a cut. */
  readonly hideDuplicates?: boolean | undefined
  /** Only results that match at least so well. */
  readonly minMatch?: Match | undefined
  /** `auto`: stop where likeness ends. */
  readonly cut?: 'none' | 'auto' | undefined
  /** `expanded`: ranked by how the found pictures lie to each other as well; not for words. */
  readonly ranking?: 'cosine' | 'expanded' | undefined
  /** SPARQL SELECT whose `?image` are the only candidates. */
  readonly sparql?: string | undefined
}

export interface SearchOutcome {
  readonly query: { filename: string | null; description: string; file: FileFacts | null }
  readonly hits: JudgedHit[]
  /** Ids of those in whose words all stands that was asked for; of a question in pictures, none. */
  readonly named: ReadonlySet<string>
  readonly calibration: Calibrated
  /** The score at which likeness was found to end; null where nothing was cut. */
  readonly cutScore: number | null
  /** Where cut and `minMatch` left nothing, the nearest all the same. */
  readonly nearest: JudgedHit | null
  /** Why nothing is left, for people. */
  readonly note: string | null
  /** Hits of which the library has a better copy, by id. */
  readonly duplicates: Map<string, DuplicateOf>
  /** Hits that are the query's picture in other bytes, by id, with what was done to it to get them. */
  readonly copies: Map<string, Change>
  readonly notes: AnswerNotes
  readonly cached: boolean
  readonly usage: Usage
}

/**
 * The indexed images that are like the query, best first; an indexed picture is left out of its own
 * results.
 *
 * @throws LookalikeError `not_found` for an unknown id, `invalid_query` for a `sparql` that is no SELECT of `?image`
 */
export async function searchLibrary(
  deps: LibraryDeps,
  query: PictureQuery,
  options: SearchOptions,
  run: Run,
): Promise<SearchOutcome> {
  // Before anything is paid for.
  if (options.sparql !== undefined) await checkCandidates(options.sparql)
  return withOneEmbedder(deps, () => searchOnce(deps, query, options, run))
}

async function searchOnce(
  library: LibraryDeps,
  query: PictureQuery,
  options: SearchOptions,
  run: Run,
): Promise<SearchOutcome> {
  const notes: AnswerNotes = {}
  const deps = { ...library, store: library.store.forAnswer(notes) }
  const asked = await embedQuery(deps, query, run)
  run.signal.throwIfAborted()
  run.stages.begin('search')
  const itself = 'likeId' in query ? query.likeId : null
  const filter = await combinedFilter(deps, options, run.signal)
  const search = {
    vector: asked.vector,
    limit: options.limit + Number(itself !== null),
    // 0 means no cut, so that a slider at its lowest stop hides nothing.
    ...(options.scoreThreshold ? { scoreThreshold: options.scoreThreshold } : {}),
    ...(filter && { filter }),
  }
  const sampling = library.calibration.sample(library)
  const find = (wanted: VectorQuery) => findNearest(deps, wanted, options)
  const isExpanded = options.ranking === 'expanded'
  const found = isExpanded
    ? await nearestExpanded(deps.store, search, find, await sampling)
    : await find(search)
  const sample = await sampling
  const hits = found.filter(({ record }) => record.id !== itself).slice(0, options.limit)
  const judging = {
    sample,
    known: deps.copies.known,
    copies: await copiesOfQuery(
      deps.copies,
      asked,
      mayBeCopies(hits, asked.vector, sample).map(({ record }) => record),
    ),
  }
  const judged = await judge(asked, hits, judging)
  const chosen = await choose(judged, options, {
    pictures: async () => (filter ? library.store.count(filter) : judged.pictures),
    nearest: async () => {
      const { scoreThreshold: _, ...open } = search
      const nearest = await deps.store.search({ ...open, limit: 2 })
      return (await judge(asked, nearest, judging)).hits.find(({ record }) => record.id !== itself)
    },
  })
  const shown = [...chosen.hits, ...(chosen.nearest ? [chosen.nearest] : [])]
  const duplicates = await findDuplicates(
    deps,
    shown.map(({ record }) => record),
  )
  const { filename, description, file, cached, usage } = asked
  return {
    query: { filename, description, file },
    ...chosen,
    named: new Set(),
    calibration: describeSample(sample),
    duplicates,
    copies: judging.copies,
    notes,
    cached,
    usage,
  }
}

/** What passes both the filter and the SPARQL query that were asked for. */
export async function combinedFilter(
  deps: AnswerDeps,
  { filter, sparql }: Pick<SearchOptions, 'filter' | 'sparql'>,
  signal: AbortSignal,
): Promise<Filter | undefined> {
  const candidates = sparql === undefined ? [] : [await candidatesOf(deps, sparql, signal)]
  const filters = [...(filter ? [filter] : []), ...candidates]
  return filters.length > 0 ? { must: filters } : undefined
}

export function findNearest(
  deps: AnswerDeps,
  query: VectorQuery,
  { hideDuplicates, cut }: SearchOptions,
): Promise<Hit[]> {
  const distinct = hideDuplicates ?? cut === 'auto'
  return distinct ? nearestDistinct(deps.store, deps.copies.known, query) : deps.store.search(query)
}
