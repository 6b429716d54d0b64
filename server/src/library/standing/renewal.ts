import { LookalikeError } from '../../errors.ts'
import type { KeptQuestions } from '../../state/kept-questions.ts'
import type { Searches, StoredSearch } from '../../state/searches.ts'
import type { LibraryDeps } from '../deps.ts'
import { type KeptPart, type KeptQuestion, toKept } from '../kept-questions/kept-question.ts'
import { embedQuery } from '../query.ts'
import { Stages } from '../stages.ts'
import type { Rule } from './rule.ts'

/**
 * Questions in the vectors of the embedder whose library is in use. After a re-index images of the library and words are
 * embedded anew; a picture that was sent is not there any more, and its small one would be a guess, so such a question waits until it is asked
 * again. So does one with a score of its own, which means something else with another embedder.
 */
export class Renewal {
  readonly #library: LibraryDeps
  readonly #searches: Searches
  readonly #questions: KeptQuestions
  /** As they were read last, by search. */
  readonly #read = new Map<string, KeptQuestion>()

  constructor(library: LibraryDeps, searches: Searches, questions: KeptQuestions) {
    this.#library = library
    this.#searches = searches
    this.#questions = questions
  }

  /**
   * The question of a search as it can be compared now; null where it cannot.
   *
   * @throws LookalikeError what may pass: a model that does not answer
   */
  async current(search: StoredSearch): Promise<KeptQuestion | null> {
    const question = this.#of(search)
    const { embedder } = this.#library
    if (!question) return null
    if (question.embedderId === embedder.id) {
      if (search.outdated !== null) this.#searches.outdate(search.id, null)
      return question
    }
    if (search.outdated !== null) return null
    const why = reasonToAskAgain(question.parts, search.rule as Rule, embedder.id)
    if (why) {
      this.#searches.outdate(search.id, why)
      return null
    }
    return this.#renew(search, question)
  }

  #of({ id, question }: StoredSearch): KeptQuestion | null {
    const known = this.#read.get(id)
    if (known?.id === question && known.embedderId === this.#library.embedder.id) return known
    const stored = this.#questions.get(question)
    if (!stored) return null
    const read = toKept(stored)
    this.#read.set(id, read)
    return read
  }

  async #renew(search: StoredSearch, question: KeptQuestion): Promise<KeptQuestion | null> {
    const { embedder } = this.#library
    const run = { stages: new Stages(), signal: AbortSignal.timeout(60_000) }
    try {
      const vectors: Float32Array[] = []
      for (const { id, text } of question.parts) {
        const query = id === null ? { text: text! } : { likeId: id }
        vectors.push((await embedQuery(this.#library, query, run)).vector)
      }
      this.#questions.renew(question.id, embedder.id, vectors)
      this.#read.delete(search.id)
      return { ...question, embedderId: embedder.id, vectors }
    } catch (error) {
      if (!(error instanceof LookalikeError) || error.retryable) throw error
      const why = `The library was re-indexed for ${embedder.id}, and this question cannot be: ${error.message}`
      this.#searches.outdate(search.id, why)
      return null
    }
  }
}

function reasonToAskAgain(
  parts: readonly KeptPart[],
  { scoreThreshold }: Rule,
  embedderId: string,
): string | null {
  const changed = `The library was re-indexed for ${embedderId}`
  if (parts.some(({ id, text }) => id === null && text === null)) {
    return `${changed}, and a picture of this question was sent and is not kept: ask it again.`
  }
  if (parts.some(({ region }) => region !== null)) {
    return `${changed}, and this question has a region of a picture: ask it again.`
  }
  return scoreThreshold
    ? `${changed}, with which a score of ${scoreThreshold.toFixed(3)} means something else: ask it again.`
    : null
}
