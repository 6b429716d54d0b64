import { randomUUID } from 'node:crypto'
import { LookalikeError } from '../../errors.ts'
import type { Arrivals } from '../../state/arrivals.ts'
import type { Deliveries } from '../../state/deliveries.ts'
import type { KeptQuestions } from '../../state/kept-questions.ts'
import type { MatchCounts, Matches, StoredMatch } from '../../state/matches.ts'
import type { Searches, StoredSearch } from '../../state/searches.ts'
import type { ImageRecord } from '../../records/record.ts'
import type { Health } from '../../stores/image-store.ts'
import type { LibraryDeps } from '../deps.ts'
import { keepParts } from '../kept-questions/keep.ts'
import { type KeptPart, toKept } from '../kept-questions/kept-question.ts'
import { askQuestion } from '../questions/ask.ts'
import type { Part, QuestionOptions } from '../questions/question.ts'
import type { Run } from '../stages.ts'
import type { Rule } from './rule.ts'
import type { Watch } from './watch.ts'

/** In one library. */
const mostSearches = 100
/** Of what matches when a question begins to stand, the nearest so many are known, and never told. */
const mostKnown = 1000

/** A question that stands, as people see it. */
export interface StandingSearch extends Omit<StoredSearch, 'webhook'>, MatchCounts {
  readonly asked: unknown
  readonly parts: readonly KeptPart[]
  readonly embedderId: string
  readonly rule: Rule
  readonly webhook: (StoredSearch['webhook'] & { readonly waiting: number }) | null
}

export interface ListedMatch extends StoredMatch {
  /** Null when it was deleted since. */
  readonly record: ImageRecord | null
}

interface StandingDeps {
  readonly library: LibraryDeps
  readonly questions: KeptQuestions
  readonly searches: Searches
  readonly matches: Matches
  readonly arrivals: Arrivals
  readonly deliveries: Deliveries
  readonly watch: Watch
  /** A name of this process among those that share the state. */
  readonly server: string
}

/** Questions that stand: made, listed, changed and taken away. */
export class StandingSearches {
  readonly #deps: StandingDeps

  constructor(deps: StandingDeps) {
    this.#deps = deps
  }

  /**
   * From now on, pictures that come and match are told of. What is there and matches already is not new.
   *
   * @param asked the question as it was asked, to be shown
   * @throws LookalikeError what the question would throw if it were asked; `invalid_parameter` when there are too many
   */
  async add({ name, asked, parts, options }: NewSearch, run: Run): Promise<string> {
    const { library, searches, arrivals, matches, questions, watch } = this.#deps
    const id = randomUUID()
    // From here on arrivals are marked, and stay so until it is said which pictures were there before.
    if (!searches.reserve(id, mostSearches, this.#deps.server)) throw tooMany()
    try {
      watch.markInFlight()
      const least = withLeast(options)
      const outcome = await askQuestion(library, parts, { ...least, ...justNearest }, run)
      const embedderId = library.embedder.id
      const kept = await keepParts(library, parts, outcome, run)
      const rule = ruleOf(least, outcome.cutScore)
      const there = outcome.hits.map(({ record }) => record.id)
      const question = {
        id: randomUUID(),
        embedderId,
        asked,
        parts: kept.parts,
        vectors: kept.vectors,
      }
      questions.put(question, kept.thumbnails, () => {
        const arriving = arrivals.among(there)
        searches.fill(id, { question: question.id, name, rule })
        matches.know(id, there.filter((each) => !arriving.has(each))) // prettier-ignore
      })
      return id
    } finally {
      searches.release(id)
      watch.wake(0)
    }
  }

  list(): StandingSearch[] {
    return this.#deps.searches.list().map((search) => this.#whole(search))
  }

  /** @throws LookalikeError `not_found` */
  get(id: string): StandingSearch {
    return this.#whole(this.#find(id))
  }

  /** @throws LookalikeError `not_found` */
  change(id: string, { name, isPaused, webhook }: SearchChange): void {
    const { searches } = this.#deps
    this.#find(id)
    if (name !== undefined) searches.rename(id, name)
    if (isPaused !== undefined) searches.pause(id, isPaused)
    if (webhook !== undefined) searches.setWebhook(id, webhook)
  }

  /** @throws LookalikeError `not_found` */
  remove(id: string): void {
    if (!this.#deps.searches.remove(id)) throw unknownSearch(id)
    this.#deps.questions.sweep()
  }

  /**
   * Newest first.
   *
   * @param before `number` of the last of the page before
   * @throws LookalikeError `not_found`
   */
  async matchesOf(
    id: string,
    page: { before: number | undefined; limit: number; unseen: boolean },
  ): Promise<{ matches: ListedMatch[]; next: number | null }> {
    this.#find(id)
    const found = this.#deps.matches.page(id, { ...page, limit: page.limit + 1 })
    const shown = found.slice(0, page.limit)
    const records = await this.#deps.library.store.get(shown.map(({ image }) => image))
    const byId = new Map(records.map((record) => [record.id, record]))
    return {
      matches: shown.map((match) => ({ ...match, record: byId.get(match.image) ?? null })),
      next: found.length > page.limit ? shown.at(-1)!.number : null,
    }
  }

  /**
   * @param upTo number of the last that was seen; all when absent
   * @throws LookalikeError `not_found`
   */
  see(id: string, upTo: number | undefined): void {
    this.#find(id)
    this.#deps.matches.see(id, upTo)
  }

  /**
   * The small picture of a part that was sent.
   *
   * @throws LookalikeError `not_found`
   */
  thumbnail(id: string, part: number): Uint8Array {
    const bytes = this.#deps.questions.thumbnail(this.#find(id).question, part)
    if (bytes) return bytes
    throw new LookalikeError(
      'not_found',
      `Part ${part} of this search, counted from 0, is no picture that was sent: an image of the library has its own thumbnail.`,
    )
  }

  /** Pictures that are yet to be compared. */
  get waiting(): number {
    return this.#deps.arrivals.waiting
  }

  /** What of them needs somebody; null where none stands. Never throws. */
  health(): Health | null {
    try {
      const all = this.#deps.searches.list()
      if (all.length === 0) return null
      const { trouble } = this.#deps.watch
      const details = [
        ...(trouble === null ? [] : [`New pictures wait to be compared: ${trouble}`]),
        ...all.flatMap(({ name, outdated }) =>
          outdated ? [`The search ${name}: ${outdated}`] : [],
        ),
        ...all.flatMap(({ name, webhook }) =>
          webhook?.isStopped
            ? [
                `The webhook of the search ${name} takes nothing any more. ${webhook.trouble} Set it anew.`,
              ]
            : [],
        ),
      ]
      if (details.length > 0) return { status: 'degraded', detail: details.join(' ') }
      return {
        status: 'ok',
        detail: `${all.length === 1 ? '1 search stands' : `${all.length} searches stand`}.`,
      }
    } catch (error) {
      return { status: 'degraded', detail: (error as Error).message }
    }
  }

  #find(id: string): StoredSearch {
    const found = this.#deps.searches.get(id)
    if (!found) throw unknownSearch(id)
    return found
  }

  #whole(search: StoredSearch): StandingSearch {
    const { questions, matches, deliveries } = this.#deps
    const stored = questions.get(search.question)!
    const { asked, parts, embedderId } = toKept(stored)
    const { webhook } = search
    return {
      ...search,
      ...matches.counts(search.id),
      asked,
      parts,
      embedderId,
      rule: search.rule as Rule,
      webhook: webhook && { ...webhook, waiting: deliveries.waiting(search.id) },
    }
  }
}

export interface NewSearch {
  readonly name: string
  readonly asked: unknown
  readonly parts: readonly Part[]
  readonly options: QuestionOptions
}

export interface SearchChange {
  readonly name?: string | undefined
  readonly isPaused?: boolean | undefined
  readonly webhook?: { readonly url: string; readonly secret: string } | null | undefined
}

/** Pages, groups and orders say nothing of a picture that comes alone. */
const justNearest = {
  limit: mostKnown,
  offset: 0,
  groupBy: undefined,
  sort: undefined,
  diversity: 0,
  hideDuplicates: false,
} as const

/** Without any bound everything matches a little: then it is what no more than one unrelated picture in ten searches reaches. */
function withLeast(options: QuestionOptions): QuestionOptions {
  const { scoreThreshold, minMatch, cut } = options
  const isBounded = !!scoreThreshold || minMatch !== undefined || cut === 'auto'
  return isBounded ? options : { ...options, minMatch: 'strong' }
}

/** @param cutScore where likeness was found to end in the library as it is; null where it was not asked, or nothing is alike */
function ruleOf(options: QuestionOptions, cutScore: number | null): Rule {
  const { combine, minMatch, filter, sparql, exclude, cut } = options
  const scoreThreshold = Math.max(options.scoreThreshold ?? -1, cutScore ?? -1)
  const isOpen = cut === 'auto' && cutScore === null
  return {
    combine,
    ...(scoreThreshold > -1 && { scoreThreshold }),
    ...((minMatch ?? isOpen) && { minMatch: minMatch ?? 'strong' }),
    ...(filter && { filter }),
    ...(sparql !== undefined && { sparql }),
    exclude,
  }
}

function unknownSearch(id: string): LookalikeError {
  return new LookalikeError(
    'not_found',
    `There is no search ${id}. GET /api/searches lists those that stand.`,
  )
}

function tooMany(): LookalikeError {
  return new LookalikeError(
    'invalid_parameter',
    `${mostSearches} searches stand already, which is as many as are kept. Delete one that nobody needs any more.`,
  )
}
