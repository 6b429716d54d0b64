import {
  feedbackFields,
  feedbackForm,
  feedbackPage,
  feedbackParameters,
  judgementParameter,
  keptJudgement,
  maxParts,
  noContent,
  type KeptJudgement,
} from '@lookalike/contract'
import type { Judgement } from '../../library/feedback/feedback.ts'
import { abortWhenGone } from '../abort.ts'
import { noteChanged } from '../access/audit.ts'
import type { App } from '../app-type.ts'
import { withQuestion } from '../bodies/asked-question.ts'
import { change, models, picture } from '../openapi/errors.ts'
import { timeStages } from '../plugins/measuring.ts'
import { worksOnPicture } from '../plugins/rate-limit.ts'
import type { Services } from '../services.ts'
import { partToWire } from '../answers/wire-search.ts'

/** Judgements of results that are kept. */
export function feedbackRoutes(app: App, services: Services): void {
  const { feedback, uploads } = services

  app.post(
    '/api/feedback',
    {
      schema: {
        summary: 'Keep that an image is right or wrong for a question',
        operationId: 'addFeedback',
        tags: ['Searches'],
        description:
          'It changes no search: `feedback` in a question does. What is kept is what `npm run eval -- --feedback` measures by. ' +
          'A judgement of the same image for the same parts takes the place of the former.',
        response: { 201: keptJudgement },
      },
      config: {
        scope: 'write',
        ...worksOnPicture,
        kind: 'upload',
        form: feedbackForm,
        errors: [...picture, ...models, ...change, 'unsupported', 'files_unavailable', 'not_found', 'unknown_words', 'blocked_url', 'unreachable_url'],
      },
    },
    async (request, reply) => {
      const stages = timeStages(reply)
      stages.begin('receive')
      const received = await uploads.receiveSeveral(request, maxParts)
      const run = { stages, signal: abortWhenGone(reply) }
      const kept = await withQuestion(services, received, feedbackFields, run.signal, async (asked, partsOf) => {
        const { image, judgement } = asked
        const parts = await partsOf()
        noteChanged(request, [image])
        const { combine } = asked.question
        const question = { parts: asked.question.parts, combine }
        const isRelevant = judgement === 'relevant'
        return feedback.add({ parts, combine, asked: question, image, isRelevant }, run)
      })
      return reply.code(201).send(toWire(kept))
    },
  ) // prettier-ignore

  app.get(
    '/api/feedback',
    {
      schema: {
        summary: 'Judgements that are kept, newest first',
        operationId: 'listFeedback',
        tags: ['Searches'],
        querystring: feedbackParameters,
        response: { 200: feedbackPage },
      },
      config: { scope: 'read' },
    },
    async (request) => {
      const { limit, cursor } = request.query
      const { judgements, total, next } = feedback.page(cursor, limit)
      return { feedback: judgements.map(toWire), total, next_cursor: next }
    },
  )

  app.delete(
    '/api/feedback/:number',
    {
      schema: {
        summary: 'Forget a judgement',
        operationId: 'removeFeedback',
        tags: ['Searches'],
        params: judgementParameter,
        response: { 204: noContent },
      },
      config: { scope: 'write', errors: ['not_found', ...change] },
    },
    async (request, reply) => {
      feedback.remove(request.params.number)
      return reply.code(204).send()
    },
  )

  app.delete(
    '/api/feedback',
    {
      schema: {
        summary: 'Forget all judgements',
        operationId: 'clearFeedback',
        tags: ['Searches'],
        response: { 204: noContent },
      },
      config: { scope: 'write', errors: change },
    },
    async (_request, reply) => {
      feedback.clear()
      return reply.code(204).send()
    },
  )
}

function toWire({ number, asked, parts, image, isRelevant, at }: Judgement): KeptJudgement {
  return {
    number,
    question: asked as KeptJudgement['question'],
    parts: parts.map((part) => partToWire(part, null)),
    image,
    judgement: isRelevant ? 'relevant' : 'irrelevant',
    judged_at: at,
  }
}
