import { noUsage } from '../../embedders/embedder.ts'
import type { AnswerNotes, Hit } from '../../stores/image-store.ts'
import { choose } from '../calibration/choose.ts'
import { describeSample } from '../calibration/describe.ts'
import { judge } from '../calibration/judge.ts'
import type { AnswerDeps, LibraryDeps } from '../deps.ts'
import { distinctHits } from '../duplicates/nearest-distinct.ts'
import { findDuplicates } from '../duplicates/find-duplicates.ts'
import { checkCandidates } from '../graph/candidates.ts'
import { embedText } from '../query.ts'
import { combinedFilter, findNearest, type SearchOptions, type SearchOutcome } from '../search.ts'
import type { Run } from '../stages.ts'
import { withOneEmbedder } from '../with-one-embedder.ts'
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
  const asked = readText(deps.embedder, text)
  const embedded = asked.embeddable === null ? null : await embedText(deps, asked.embeddable, run)
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
  const found = await findByText(deps.store, asked, query, (wanted) => findNearest(deps, wanted, options))
  if (!found) {
    // Perhaps only what is filtered out has the words.
    const stands = wordFilter(asked.needed, asked.barred, 'beginning')
    const isKnown = filter && asked.needed.length > 0 && (await library.store.count(stands)) > 0
    if (!isKnown) await embedText(deps, text, run)
  }
  const { named = [], near = [], vector = null } = found ?? {}
  const sample = await sampling
  const judging = { sample, known: deps.copies.known, copies: new Map<string, never>() }
  const bounds = embedded?.bounds
  const ask = { vector: vector ?? new Float32Array(deps.embedder.dimensions), file: null, ...(bounds && { bounds }) }
  const isNamed = new Set(named.map(({ record }) => record.id))
  const others = distinctOf(deps, options, named, near).filter(({ record }) => !isNamed.has(record.id))
  const first = await judge(ask, named, judging)
  const chosen = await choose(await judge(ask, others.slice(0, limit - named.length), judging), options, {
    pictures: async () => (filter ? library.store.count(filter) : first.pictures),
    nearest: async () => {
      if (!embedded || !found || named.length > 0) return undefined
      const open = { vector: found.vector, limit: 1, ...(found.filter && { filter: found.filter }) }
      return (await judge(ask, await deps.store.search(open), judging)).hits[0]
    },
  })
  const hits = [...first.hits, ...chosen.hits]
  const outcome = { ...chosen, ...named.length > 0 && { nearest: null, note: null }, hits }
  // Something is always nearest: that it is not what was asked for is to be said.
  const isNothing = named.length === 0 && hits.length > 0 && hits.every(({ match }) => match === 'weak')
  const note = isNothing ? `Nothing here is clearly "${text}": these are the nearest.` : outcome.note
  const shown = [...hits, ...(outcome.nearest ? [outcome.nearest] : [])]
  return {
    query: { filename: null, description: text, file: null },
    ...outcome,
    note,
    named: isNamed,
    calibration: describeSample(sample),
    duplicates: await findDuplicates(deps, shown.map(({ record }) => record)),
    copies: judging.copies,
    notes,
    cached: embedded?.cached ?? false,
    usage: embedded?.usage ?? noUsage,
  }
} // prettier-ignore

/** Of what is near only what is no copy of something that is named, where copies are to be hidden. */
function distinctOf(deps: AnswerDeps, options: SearchOptions, named: Hit[], near: Hit[]): Hit[] {
  const isDistinct = options.hideDuplicates ?? options.cut === 'auto'
  return isDistinct ? distinctHits(deps.copies.known, [...named, ...near]) : near
}
