import type { FeedbackPage, Judgement, KeptJudgement } from '../contract.ts'
import { readJson, type Cancellable, type Http } from '../http.ts'
import { questionForm, type QuestionOptions, type QuestionPart } from './questions.ts'

/** A page of judgements, newest first. */
export interface FeedbackOptions extends Cancellable {
  limit?: number
  /** `next_cursor` of the page before. */
  cursor?: number
}

/** The calls about judgements that are kept. They change no search: `feedback` of a question does. */
export function feedbackCalls(http: Http) {
  return {
    /** Keeps that an image is right or wrong for a question, which is known again by its parts. */
    async add(
      parts: readonly QuestionPart[],
      image: string,
      judgement: Judgement,
      { signal, ...asked }: Pick<QuestionOptions, 'combine' | 'signal'> = {},
    ): Promise<KeptJudgement> {
      const body = questionForm(parts, asked)
      body.set('image', image)
      body.set('judgement', judgement)
      return readJson(await http('/api/feedback', { method: 'POST', body, signal }), signal)
    },

    async list({ signal, limit, cursor }: FeedbackOptions = {}): Promise<FeedbackPage> {
      const query = { limit, cursor }
      return readJson(await http('/api/feedback', { query, signal }), signal)
    },

    async remove(number: number, { signal }: Cancellable = {}): Promise<void> {
      await http(`/api/feedback/${number}`, { method: 'DELETE', signal })
    },

    /** Forgets all of them. */
    async clear({ signal }: Cancellable = {}): Promise<void> {
      await http('/api/feedback', { method: 'DELETE', signal })
    },
  }
}
