import {
  jsonLdDocument,
  maxParts,
  questionFields,
  questionForm,
  questionResponse,
  type QuestionResponse,
} from '@lookalike/contract'
import type { z } from 'zod'
import { LookalikeError } from '../../../errors.ts'
import type { Upload } from '../../../library/deps.ts'
import { askQuestion, type QuestionOutcome } from '../../../library/questions/ask.ts'
import type { Part, QuestionOptions } from '../../../library/questions/question.ts'
import { abortWhenGone } from '../../abort.ts'
import type { App } from '../../app-type.ts'
import { jsonLd, sendResults } from '../../json-ld.ts'
import { graphQuery, models, picture, store } from '../../openapi/errors.ts'
import { timeStages } from '../../plugins/measuring.ts'
import { worksOnPicture } from '../../plugins/rate-limit.ts'
import { presenterFor } from '../../present.ts'
import { readParameters } from '../../read-parameters.ts'
import type { Services } from '../../services.ts'
import { factsToWire } from '../../wire-record.ts'

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
          'With `Accept: application/ld+json`, the results as JSON-LD.',
        response: { 200: questionResponse },
      },
      config: {
        scope: 'read',
        ...worksOnPicture,
        kind: 'upload',
        form: questionForm,
        sends: { [jsonLd]: jsonLdDocument },
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
      try {
        const { question } = readParameters(questionFields, received.fields)
        const parts = partsOf(question, received.uploads)
        const run = { stages, signal: abortWhenGone(reply) }
        const outcome = await askQuestion(deps, parts, optionsOf(question), run)
        const present = presenterFor(request, services.publicUrl)
        const answer = present.search(outcome, deps.embedder.id, stages.finish())
        return sendResults(request, reply, toWire(answer, outcome)) as QuestionResponse
      } finally {
        await received.discard()
      }
    },
  )
}

type Asked = z.output<typeof questionFields>['question']

function partsOf({ parts }: Asked, uploads: readonly (Upload | null)[]): Part[] {
  const unnamed = uploads.findIndex((_, at) => !parts.some(({ file }) => file === at))
  if (unnamed !== -1) {
    throw new LookalikeError(
      'invalid_parameter',
      `No part of the question names file ${unnamed} of the form: say {"file":${unnamed}} in one, or leave it out.`,
    )
  }
  return parts.map(({ file, id, text, weight, region }, at) => {
    const part = { weight, region }
    if (id !== undefined) return { ...part, query: { likeId: id } }
    if (text !== undefined) return { ...part, query: { text } }
    const upload = uploads[file!]
    if (upload) return { ...part, query: { upload } }
    throw new LookalikeError(
      'missing_file',
      `Part ${at + 1} of ${parts.length} is file ${file} of the form, counted from 0, which has ` +
        `${uploads.length === 1 ? '1 file' : `${uploads.length} files`} named 'image_file'.`,
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
