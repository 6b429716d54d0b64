import { createHash } from 'node:crypto'
import { LookalikeError } from '../../errors.ts'
import type { KeptQuestions } from '../../state/kept-questions.ts'
import type { StoredFeedback, StoredJudgement } from '../../state/feedback.ts'
import type { LibraryDeps } from '../deps.ts'
import { unknownImage } from '../missing.ts'
import { keepParts } from '../kept-questions/keep.ts'
import { type KeptPart, toKept } from '../kept-questions/kept-question.ts'
import { embedParts } from '../questions/embed-parts.ts'
import type { Part } from '../questions/question.ts'
import type { Run } from '../stages.ts'

export interface Judgement extends StoredJudgement {
  readonly asked: unknown
  readonly parts: readonly KeptPart[]
}

/** What is judged: an image, for a question. */
export interface NewJudgement {
  readonly parts: readonly Part[]
  readonly combine: 'sum' | 'all'
  /** The question as it was asked, to be shown. */
  readonly asked: unknown
  readonly image: string
  readonly isRelevant: boolean
}

/** Judgements that people wanted to be kept: what results are measured by that matter to them. */
export class Feedback {
  readonly #library: LibraryDeps
  readonly #questions: KeptQuestions
  readonly #stored: StoredFeedback

  constructor(library: LibraryDeps, questions: KeptQuestions, stored: StoredFeedback) {
    this.#library = library
    this.#questions = questions
    this.#stored = stored
  }

  /**
   * Keeps a judgement, in the place of an earlier one of the same image for the same question. Questions are the same when their parts
   * are: the same bytes, images and words with the same weights and regions.
   *
   * @throws LookalikeError what the question would throw if it were asked; `not_found` for an image that is not there
   */
  async add(judgement: NewJudgement, run: Run): Promise<Judgement> {
    const { parts, combine, asked, image, isRelevant } = judgement
    const [record] = await this.#library.store.get([image])
    if (!record) throw unknownImage(image)
    const id = identityOf(parts, combine)
    const put = () => {
      const at = new Date().toISOString()
      this.#stored.put({ question: id, image: record.id, isRelevant, at })
    }
    const known = this.#questions.get(id)
    if (known) this.#questions.put(known, new Map(), put)
    else {
      const embedded = await embedParts(this.#library, parts, run)
      const embedderId = this.#library.embedder.id
      const kept = await keepParts(this.#library, parts, { parts: embedded, judged: [] }, run)
      const question = { id, embedderId, asked, parts: kept.parts, vectors: kept.vectors }
      this.#questions.put(question, kept.thumbnails, put)
    }
    return this.#whole(this.#stored.find(id, record.id)!)
  }

  /**
   * Newest first.
   *
   * @param before `number` of the last of the page before
   */
  page(before: number | undefined, limit: number) {
    const found = this.#stored.page(before, limit + 1)
    const shown = found.slice(0, limit).map((each) => this.#whole(each))
    return {
      judgements: shown,
      next: found.length > limit ? shown.at(-1)!.number : null,
      total: this.#stored.count,
    }
  }

  /** @throws LookalikeError `not_found` */
  remove(number: number): void {
    if (!this.#stored.remove(number)) {
      throw new LookalikeError(
        'not_found',
        `There is no judgement ${number}. GET /api/feedback lists those that are kept.`,
      )
    }
    this.#questions.sweep()
  }

  clear(): void {
    this.#stored.clear()
    this.#questions.sweep()
  }

  #whole(judgement: StoredJudgement): Judgement {
    const { asked, parts } = toKept(this.#questions.get(judgement.question)!)
    return { ...judgement, asked, parts }
  }
}

function identityOf(parts: readonly Part[], combine: string): string {
  const named = parts.map(({ query, weight, region }) => {
    const what =
      'upload' in query
        ? { sha256: query.upload.sha256 }
        : 'likeId' in query
          ? { id: query.likeId }
          : { text: query.text.trim() }
    return { ...what, weight, ...(region && { region }) }
  })
  return createHash('sha256')
    .update(JSON.stringify([combine, named]))
    .digest('hex')
}
