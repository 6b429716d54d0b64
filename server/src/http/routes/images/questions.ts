import {
  jsonLdDocument,
  maxParts,
  questionFields,
  questionForm,
  questionResponse,
  searchEvents,
  type QuestionResponse,
} from '@lookalike/contract'
import type { z } from 'zod'
import { LookalikeError } from '../../../errors.ts'
import type { Upload } from '../../../library/deps.ts'
import { askQuestion, type QuestionOutcome } from '../../../library/questions/ask.ts'
import { eachPart } from '../../../library/questions/each-part.ts'
import type { Part, QuestionOptions } from '../../../library/questions/question.ts'
import type { StageListener } from '../../../library/stages.ts'
import { abortWhenGone } from '../../abort.ts'
import type { App } from '../../app-type.ts'
import { sendEventStream, wantsEvents } from '../../event-stream.ts'
import { jsonLd, sendResults } from '../../json-ld.ts'
import { graphQuery, models, picture, store } from '../../openapi/errors.ts'
import { timeStages } from '../../plugins/measuring.ts'
import { worksOnPicture } from '../../plugins/rate-limit.ts'
import { presenterFor } from '../../present.ts'
import { readParameters } from '../../read-parameters.ts'
import type { Services } from '../../services.ts'
import type { Fetched } from '../../uploads.ts'
import { factsToWire } from '../../wire-record.ts'

/** Questions of several parts. */
export function questionRoutes(app: App, services: Services): void {
  const { deps, uploads, downloader } = services

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
      const search = async (onStage?: StageListener) => {
        const fetched: Fetched[] = []
        try {
          const { question } = readParameters(questionFields, received.fields)
          if (onStage) stages.listen(onStage)
          const named = namedParts(question, received.uploads)
          const parts = await eachPart(
            named.map(({ url }) => url ?? 'a part'),
            async (at): Promise<Part> => {
              const part = named[at]!
              if (part.url === undefined) return part
              const { url, ...rest } = part
              const one = await uploads.fetch(url, downloader, run.signal)
              fetched.push(one)
              return { ...rest, query: { upload: one.upload } }
            },
          )
          const outcome = await askQuestion(deps, parts, optionsOf(question), run)
          const present = presenterFor(request, services.publicUrl)
          return toWire(present.search(outcome, deps.embedder.id, stages.finish()), outcome)
        } finally {
          for (const { discard } of [received, ...fetched]) await discard()
        }
      }
      if (!wantsEvents(request)) {
        return sendResults(request, reply, await search()) as QuestionResponse
      }
      return sendEventStream(request, reply, (send) =>
        search((stage, elapsed_ms) => send('stage', { stage, elapsed_ms })),
      )
    },
  )
}

type Asked = z.output<typeof questionFields>['question']

/** A part whose picture may have to be fetched first. */
type NamedPart = Omit<Part, 'query'> &
  ({ readonly query: Part['query']; readonly url?: never } | { readonly url: string })

function namedParts({ parts }: Asked, sent: readonly (Upload | null)[]): NamedPart[] {
  const unnamed = sent.findIndex((_, at) => !parts.some(({ file }) => file === at))
  if (unnamed !== -1) {
    throw new LookalikeError(
      'invalid_parameter',
      `No part of the question names file ${unnamed} of the form: say {"file":${unnamed}} in one, or leave it out.`,
    )
  }
  return parts.map(({ file, url, id, text, weight, region }, at) => {
    const part = { weight, region }
    if (url !== undefined) return { ...part, url }
    if (id !== undefined) return { ...part, query: { likeId: id } }
    if (text !== undefined) return { ...part, query: { text } }
    const upload = sent[file!]
    if (upload) return { ...part, query: { upload } }
    throw new LookalikeError(
      'missing_file',
      `Part ${at + 1} of ${parts.length} is file ${file} of the form, counted from 0, which has ` +
        `${sent.length === 1 ? '1 file' : `${sent.length} files`} named 'image_file'.`,
      { parts: [at] },
    )
  })
}

function optionsOf(question: Asked): QuestionOptions {
  return {
    combine: question.combine,
    limit: question.limit,
    offset: question.offset,
    scoreThreshold: question.score_threshold,
    filter: question.filter,
    sparql: question.sparql,
    hideDuplicates: question.hide_duplicates,
    minMatch: question.min_match,
    cut: question.cut,
    exclude: question.exclude,
    groupBy: question.group_by,
    groupSize: question.group_size,
    diversity: question.diversity,
    sort: question.sort,
    among: question.among,
  }
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
