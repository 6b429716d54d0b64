import {
  jsonLdDocument,
  maxParts,
  questionFields,
  questionForm,
  questionResponse,
  searchEvents,
  type QuestionResponse,
} from '@lookalike/contract'
import { askQuestion, type QuestionOutcome } from '../../../library/questions/ask.ts'
import type { StageListener } from '../../../library/stages.ts'
import { abortWhenGone } from '../../abort.ts'
import { optionsOf, withQuestion } from '../../bodies/asked-question.ts'
import type { App } from '../../app-type.ts'
import { sendEventStream, wantsEvents } from '../../answers/event-stream.ts'
import { jsonLd, sendResults } from '../../answers/json-ld.ts'
import { graphQuery, models, picture, store } from '../../openapi/errors.ts'
import { timeStages } from '../../plugins/measuring.ts'
import { worksOnPicture } from '../../plugins/rate-limit.ts'
import { presenterFor } from '../../answers/present.ts'
import type { Services } from '../../services.ts'
import { factsToWire } from '../../answers/wire-record.ts'

/** Questions of several parts. */
export function questionRoutes(app: App, services: Services): void {
  const { deps, uploads } = services

  app.post(
    '/api/images/search',
    {
      schema: {
        summary: 'Find images that several pictures, images and words are about',
        operationId: 'searchParts',
        tags: ['Search'],
        description:
          '`question` says what is asked, as JSON; its parts name the files of the form by their place, from 0. ' +
          'With `Accept: text/event-stream`, one `stage` event per stage, then `result` or `error`. ' +
          'With `Accept: application/ld+json`, the results as JSON-LD.',
        response: { 200: questionResponse },
      },
      config: {
        scope: 'read',
        ...worksOnPicture,
        kind: 'upload',
        form: questionForm,
        sends: { [jsonLd]: jsonLdDocument, 'text/event-stream': searchEvents },
        errors: [
          ...picture,
          ...models,
          ...store,
          ...graphQuery,
          'files_unavailable',
          'not_found',
          'unknown_words',
        ],
      },
    },
    async (request, reply) => {
      const stages = timeStages(reply)
      stages.begin('receive')
      const received = await uploads.receiveSeveral(request, maxParts)
      const run = { stages, signal: abortWhenGone(reply) }
      const search = (onStage?: StageListener) =>
        withQuestion(
          services,
          received,
          questionFields,
          run.signal,
          async ({ question }, parts) => {
            if (onStage) stages.listen(onStage)
            const outcome = await askQuestion(deps, await parts(), optionsOf(question), run)
            const present = presenterFor(request, services.publicUrl)
            return toWire(present.search(outcome, deps.embedder.id, stages.finish()), outcome)
          },
        )
      if (!wantsEvents(request)) {
        return sendResults(request, reply, await search()) as QuestionResponse
      }
      return sendEventStream(request, reply, (send) =>
        search((stage, elapsed_ms) => send('stage', { stage, elapsed_ms })),
      )
    },
  )
}

function toWire(
  answer: ReturnType<ReturnType<typeof presenterFor>['search']>,
  outcome: QuestionOutcome,
): QuestionResponse {
  const { parts, partScores, groups, nextOffset, isComplete } = outcome
  return {
    ...answer,
    results: answer.results.map((result) => ({
      ...result,
      part_scores: partScores.get(result.id) ?? [],
    })),
    parts: parts.map(({ id, weight, description, filename, file }) => ({
      id,
      weight,
      description,
      query: { filename, ...factsToWire(file) },
    })),
    groups:
      groups?.map(({ value, hits }) => ({ value, ids: hits.map(({ record }) => record.id) })) ??
      null,
    next_offset: nextOffset,
    complete: isComplete,
  }
}
