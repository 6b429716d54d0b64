import type { Arrival, Arrivals } from '../../state/arrivals.ts'
import type { Matches, NewMatch } from '../../state/matches.ts'
import type { Searches, StoredSearch } from '../../state/searches.ts'
import type { VectorRecord } from '../../records/record.ts'
import { matches as passes } from '../../records/matches.ts'
import { filterDocument } from '../../records/filter.ts'
import type { Sample } from '../calibration/sample.ts'
import { BackgroundWork } from '../background/background-work.ts'
import { WritesUnderWay } from '../background/writes-under-way.ts'
import type { LibraryDeps } from '../deps.ts'
import { candidatesOf } from '../graph/candidates.ts'
import type { KeptQuestion } from '../kept-questions/kept-question.ts'
import { yieldToOthers } from '../../yield-to-others.ts'
import type { Messages } from './messages.ts'
import { comparison, type Rule } from './rule.ts'
import type { Renewal } from './renewal.ts'

/** Read and compared at once; a question takes a dot product of each. */
const batchSize = 64
/** After so long requests get their turn. */
const atOnceMs = 4
/** So long after a picture came: others that come meanwhile are read with it, and whoever writes goes before. */
const settleMs = 150
const retryAfterMs = 3_000
/** How soon pictures are looked at again of which nothing could be said, if no other comes before. */
const undecidedMs = 30_000
/** The same while a question is being made. */
const heldMs = 250

export interface WatchDeps {
  readonly library: LibraryDeps
  readonly arrivals: Arrivals
  readonly searches: Searches
  readonly matches: Matches
  readonly messages: Messages
  readonly renewal: Renewal
}

/**
 * Compares pictures that came with the questions that stand, in the background. A picture is marked before it is written and
 * unmarked in the transaction that keeps its matches, so a process may die at any moment: what is still marked is compared
 * again, and what was told is not told again.
 */
export class Watch {
  readonly #deps: WatchDeps
  readonly #underWay = new WritesUnderWay()
  readonly #comparisons = new Map<
    string,
    { question: KeptQuestion; sample: Sample | null; compare: ReturnType<typeof comparison> }
  >()
  readonly #work = new BackgroundWork((signal) => this.#compareAll(signal), retryAfterMs)

  constructor(deps: WatchDeps) {
    this.#deps = deps
  }

  /** Runs a write of the library, and compares what it wrote; throws only what the write throws. */
  async arriving<T>(ids: readonly string[], write: () => Promise<T>): Promise<T> {
    this.#underWay.begin(ids)
    try {
      const areAsked = this.#deps.searches.areAny
      if (areAsked) this.#deps.arrivals.mark(ids)
      return await write()
    } finally {
      this.#underWay.end(ids)
      this.wake(settleMs)
    }
  }

  /** Marks what is being written at this moment: somebody began to ask after these writes had begun. */
  markInFlight(): void {
    const { ids } = this.#underWay
    if (ids.length > 0) this.#deps.arrivals.mark(ids)
  }

  /** Pictures that came in another way. */
  note(ids: readonly string[]): void {
    this.#deps.arrivals.mark(ids)
    this.wake(0)
  }

  /** Looks for pictures that wait, soon. */
  wake(afterMs: number): void {
    this.#work.wake(afterMs)
  }

  /** Why pictures wait, for people; null while nothing is in the way. */
  get trouble(): string | null {
    const { trouble } = this.#work
    return trouble === undefined ? null : (trouble as Error).message
  }

  close(): Promise<void> {
    return this.#work.close()
  }

  async #compareAll(signal: AbortSignal): Promise<void> {
    const { arrivals } = this.#deps
    const left = new Set<string>()
    for (;;) {
      const next = arrivals.next(batchSize, new Set([...this.#underWay.ids, ...left]))
      if (next.length === 0 || signal.aborted) break
      const before = left.size
      for (const id of await this.#compare(next, signal)) left.add(id)
      if (next.length < batchSize && left.size < before + next.length) {
        // While pictures come one by one they are read together, a moment later.
        this.wake(settleMs)
        break
      }
      await yieldToOthers(signal)
    }
    if (left.size > 0) this.wake(arrivals.areHeld ? heldMs : undecidedMs)
  }

  /** @returns those that stay marked, to be looked at later */
  async #compare(arrived: readonly Arrival[], signal: AbortSignal): Promise<Iterable<string>> {
    const { library, searches, matches, messages, arrivals, renewal } = this.#deps
    const { embedder } = library
    const records = await library.store.getWithVectors(arrived.map(({ image }) => image))
    const sample = await library.calibration.sample(library)
    const told: { search: StoredSearch; found: NewMatch[] }[] = []
    const undecided = new Set<string>()
    let since = performance.now()
    for (const search of searches.list()) {
      if (search.isPaused) continue
      if (performance.now() - since > atOnceMs) {
        await yieldToOthers(signal)
        since = performance.now()
      }
      const question = await renewal.current(search)
      if (!question) continue
      const { found, unsure } = await this.#compareWith(search, question, records, sample, signal)
      for (const id of unsure) undecided.add(id)
      if (found.length > 0) told.push({ search, found })
    }
    // The library was exchanged meanwhile: vectors and questions may be of two embedders.
    const all = arrived.map(({ image }) => image)
    if (library.embedder !== embedder) return all
    const at = new Date().toISOString()
    const areHeld = matches.write(() => {
      for (const { search, found } of told) {
        const added = matches.add(search.id, found, at)
        if (search.webhook && !search.webhook.isStopped) messages.tell(search, added, records, at)
      }
      arrivals.settle(arrived.filter(({ image }) => !undecided.has(image)))
      return arrivals.areHeld
    })
    if (told.length > 0) messages.wake()
    return areHeld ? all : undecided
  }

  async #compareWith(
    search: StoredSearch,
    question: KeptQuestion,
    records: readonly VectorRecord[],
    sample: Sample | null,
    signal: AbortSignal,
  ): Promise<{ found: NewMatch[]; unsure: string[] }> {
    const { library } = this.#deps
    const rule = search.rule as Rule
    const compare = this.#comparisonFor(search.id, question, rule, sample)
    const unsure: string[] = []
    let hits = records.flatMap((record) => {
      const finding = compare(record)
      if (finding === 'unsure') unsure.push(record.id)
      return typeof finding === 'string' ? [] : [{ record, finding }]
    })
    if (rule.sparql !== undefined && hits.length > 0) {
      try {
        // Only of what matches otherwise: few do.
        const filter = await candidatesOf(library, rule.sparql, signal)
        hits = hits.filter(({ record }) => passes(filter, filterDocument(record)))
      } catch {
        // The graph says by itself what is the matter; others are not kept waiting.
        return { found: [], unsure: hits.map(({ record }) => record.id) }
      }
    }
    return { found: hits.map(({ record, finding }) => ({ image: record.id, ...finding })), unsure }
  }

  /** A question's own background is made once for each sample of the library. */
  #comparisonFor(search: string, question: KeptQuestion, rule: Rule, sample: Sample | null) {
    const known = this.#comparisons.get(search)
    if (known?.question === question && known.sample === sample) return known.compare
    const compare = comparison(question, rule, sample, this.#deps.library.copies.known)
    this.#comparisons.set(search, { question, sample, compare })
    return compare
  }
}
