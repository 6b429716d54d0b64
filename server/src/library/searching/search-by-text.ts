import { noUsage } from '../../embedders/embedder.ts'
import { LookalikeError } from '../../errors.ts'
import type { AnswerNotes, Hit } from '../../stores/image-store.ts'
import { choose } from '../calibration/choose.ts'
import { describeSample } from '../calibration/describe.ts'
import { judge } from '../calibration/judge.ts'
import type { AnswerDeps, LibraryDeps } from '../deps.ts'
import { distinctHits } from '../duplicates/nearest-distinct.ts'
import { findDuplicates } from '../duplicates/find-duplicates.ts'
import { checkCandidates } from '../graph/candidates.ts'
import { embedText } from '../query.ts'
import { combinedFilter, findNearest, type SearchOptions, type SearchOutcome } from './search.ts'
import type { Run } from '../stages.ts'
import { withOneEmbedder } from './with-one-embedder.ts'
import { readText, wordFilter } from './asked-text.ts'
import { findByText } from './find-named.ts'

/**
 * The indexed images that a text describes: first those in whose words all of it stands, nearest first, then the nearest of
 * the others. A score is the cosine with what the embedder makes of the text; where it understands none of it, with the
 * middle of what is named so. A threshold, `minMatch` and `cut` are for those that were found by it: what is named so is.
 *
 * @throws LookalikeError `unsupported` or `unknown_words` where the embedder does not understand the text and its words stand
 *   nowhere, `invalid_query` for a `sparql` that is no SELECT of `?image`
 */
export async function searchByText(
  deps: LibraryDeps,
  text: string,
  options: SearchOptions,
  run: Run,
): Promise<SearchOutcome> {
  // Before anything is paid for.
  if (options.sparql !== undefined) await checkCandidates(options.sparql)
  return withOneEmbedder(deps, () => searchOnce(deps, text, options, run))
}

async function searchOnce(
  library: LibraryDeps,
  text: string,
  options: SearchOptions,
  run: Run,
): Promise<SearchOutcome> {
  const notes: AnswerNotes = {}
  const deps = { ...library, store: library.store.forAnswer?.(notes) ?? library.store }
  const { asked, embedded, refusal } = await understand(deps, text, run)
  run.signal.throwIfAborted()
  run.stages.begin('search')
  const filter = await combinedFilter(deps, options, run.signal)
  const sampling = library.calibration.sample(library)
  const { limit } = options
  const query = {
    vector: embedded?.vector ?? null,
    limit,
    filter,
    // 0 means no cut, so that a slider at its lowest stop hides nothing.
    ...(options.scoreThreshold ? { scoreThreshold: options.scoreThreshold } : {}),
  }
  const found = await findByText(deps.store, asked, query, (wanted) =>
    findNearest(deps, wanted, options),
  )
  if (!found) {
    // Perhaps only what is filtered out has the words.
    const stands = wordFilter(asked.needed, asked.barred, 'beginning')
    const isKnown = filter && asked.needed.length > 0 && (await library.store.count(stands)) > 0
    if (!isKnown) throw refusal ?? (await refusalOf(deps, text, run))
  }
  const { named = [], near = [], vector = null } = found ?? {}
  const sample = await sampling
  const judging = { sample, known: deps.copies.known, copies: new Map<string, never>() }
  const bounds = embedded?.bounds
  const ask = {
    vector: vector ?? new Float32Array(deps.embedder.dimensions),
    file: null,
    ...(bounds && { bounds }),
  }
  const isNamed = new Set(named.map(({ record }) => record.id))
  const others = distinctOf(deps, options, named, near).filter(
    ({ record }) => !isNamed.has(record.id),
  )
  const first = await judge(ask, named, judging)
  const chosen = await choose(
    await judge(ask, others.slice(0, limit - named.length), judging),
    options,
    {
      pictures: async () => (filter ? library.store.count(filter) : first.pictures),
      nearest: async () => {
        if (!embedded || !found || named.length > 0) return undefined
        const open = {
          vector: found.vector,
          limit: 1,
          ...(found.filter && { filter: found.filter }),
        }
        return (await judge(ask, await deps.store.search(open), judging)).hits[0]
      },
    },
  )
  const hits = [...first.hits, ...chosen.hits]
  const outcome = { ...chosen, ...(named.length > 0 && { nearest: null, note: null }), hits }
  // Something is always nearest: that it is not what was asked for is to be said.
  const isNothing =
    named.length === 0 && hits.length > 0 && hits.every(({ match }) => match === 'weak')
  const nothing = isNothing ? `Nothing here is clearly "${text}": these are the nearest.` : null
  const note = refusal ? `Only words were compared. ${refusal.message}` : (nothing ?? outcome.note)
  const shown = [...hits, ...(outcome.nearest ? [outcome.nearest] : [])]
  return {
    query: { filename: null, description: text, file: null },
    ...outcome,
    note,
    named: isNamed,
    calibration: describeSample(sample),
    duplicates: await findDuplicates(
      deps,
      shown.map(({ record }) => record),
    ),
    copies: judging.copies,
    notes,
    cached: embedded?.cached ?? false,
    usage: embedded?.usage ?? noUsage,
  }
}

/** Words are compared even where the library's embedder is no more. */
async function understand(deps: AnswerDeps, text: string, run: Run) {
  const asked = readText(deps.embedder, text)
  if (asked.embeddable === null) return { asked, embedded: null, refusal: null }
  try {
    return { asked, embedded: await embedText(deps, asked.embeddable, run), refusal: null }
  } catch (error) {
    if (!isRefusal(error, 'embedder_mismatch')) throw error
    return { asked: readText({}, text), embedded: null, refusal: error }
  }
}

/** What is said of words that the embedder does not understand, and that stand nowhere. */
async function refusalOf(deps: AnswerDeps, text: string, run: Run): Promise<unknown> {
  try {
    await embedText(deps, text, run)
    return new Error('An embedder understood what it did not before.')
  } catch (error) {
    if (!isRefusal(error, 'unknown_words', 'unsupported')) return error
    const nowhere =
      'Nor do the words stand in the description, tags, metadata or file name of a picture.'
    return new LookalikeError(error.code, `${error.message} ${nowhere}`, {
      cause: error,
      ...(error.words && { words: error.words }),
    })
  }
}

function isRefusal(error: unknown, ...codes: LookalikeError['code'][]): error is LookalikeError {
  return error instanceof LookalikeError && codes.includes(error.code)
}

/** Of what is near only what is no copy of something that is named, where copies are to be hidden. */
function distinctOf(deps: AnswerDeps, options: SearchOptions, named: Hit[], near: Hit[]): Hit[] {
  const isDistinct = options.hideDuplicates ?? options.cut === 'auto'
  return isDistinct ? distinctHits(deps.copies.known, [...named, ...near]) : near
}
