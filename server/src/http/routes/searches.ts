import {
  fileBytes,
  madeSearch,
  maxParts,
  newSearchForm,
  noContent,
  searchChange,
  searchFields,
  searchList,
  searchMatches,
  searchMatchParameters,
  searchParameter,
  searchPartParameters,
  seenRequest,
  standingSearch,
} from '@lookalike/contract'
import type { FastifyRequest } from 'fastify'
import { abortWhenGone } from '../abort.ts'
import { noteChanged } from '../access/audit.ts'
import type { App } from '../app-type.ts'
import { optionsOf, withQuestion } from '../bodies/asked-question.ts'
import { change, graphQuery, models, picture } from '../openapi/errors.ts'
import { timeStages } from '../plugins/measuring.ts'
import { worksOnPicture } from '../plugins/rate-limit.ts'
import { presenterFor } from '../answers/present.ts'
import type { Services } from '../services.ts'
import { matchToWire, searchToWire } from '../answers/wire-search.ts'

const errors = ['not_found', 'store_unavailable'] as const

/** Questions that stand, and what they have found. */
export function searchesRoutes(app: App, services: Services): void {
  const { standing, uploads } = services
  const path = '/api/searches/:id'
  const whole = (id: string, request: FastifyRequest) =>
    searchToWire(standing.get(id), presenterFor(request, services.publicUrl))

  app.post(
    '/api/searches',
    {
      schema: {
        summary: 'Let a question stand: it tells of new pictures that match',
        operationId: 'addSearch',
        tags: ['Searches'],
        description:
          'The question is what `POST /api/images/search` takes. Of files, vectors and a small picture are kept. What is in the ' +
          'library and matches already is not new, and `limit`, `offset`, `group_by`, `sort` and `diversity` say nothing of a picture that ' +
          'comes alone. Without `min_match`, `score_threshold` and `cut` a picture must match at least `strong`.',
        response: { 201: madeSearch },
      },
      config: {
        scope: 'write',
        ...worksOnPicture,
        kind: 'upload',
        form: newSearchForm,
        errors: [...picture, ...models, ...change, ...graphQuery, 'files_unavailable', 'not_found', 'unknown_words', 'blocked_url'],
      },
    },
    async (request, reply) => {
      const stages = timeStages(reply)
      stages.begin('receive')
      const received = await uploads.receiveSeveral(request, maxParts)
      const run = { stages, signal: abortWhenGone(reply) }
      const made = await withQuestion(services, received, searchFields, run.signal, async (fields, partsOf) => {
        const { question, name, webhook } = fields
        const target = webhook === undefined ? undefined : services.newWebhook(webhook)
        const asked = { name, asked: question, parts: await partsOf(), options: optionsOf(question) }
        const id = await standing.add(asked, run)
        if (target) standing.change(id, { webhook: target })
        noteChanged(request, [id])
        return { ...whole(id, request), webhook_secret: target?.secret ?? null }
      })
      return reply.header('cache-control', 'no-store').code(201).send(made)
    },
  ) // prettier-ignore

  app.get(
    '/api/searches',
    {
      schema: {
        summary: 'The questions that stand',
        operationId: 'listSearches',
        tags: ['Searches'],
        response: { 200: searchList },
      },
      config: { scope: 'read' },
    },
    async (request) => {
      const present = presenterFor(request, services.publicUrl)
      const searches = standing.list().map((each) => searchToWire(each, present))
      return { searches, unseen: searches.reduce((sum, { unseen }) => sum + unseen, 0) }
    },
  )

  app.get(
    path,
    {
      schema: {
        summary: 'A question that stands',
        operationId: 'getSearch',
        tags: ['Searches'],
        params: searchParameter,
        response: { 200: standingSearch },
      },
      config: { scope: 'read', errors: ['not_found'] },
    },
    async (request) => whole(request.params.id, request),
  )

  app.patch(
    path,
    {
      schema: {
        summary: 'Rename a search that stands, pause it, or set where it tells of matches',
        operationId: 'changeSearch',
        tags: ['Searches'],
        params: searchParameter,
        body: searchChange,
        response: { 200: madeSearch },
      },
      config: { scope: 'write', errors: ['not_found', 'blocked_url', ...change] },
    },
    async (request, reply) => {
      const { name, paused, webhook } = request.body
      const { id } = request.params
      const target = typeof webhook === 'string' ? services.newWebhook(webhook) : webhook
      standing.change(id, { name, isPaused: paused, webhook: target })
      reply.header('cache-control', 'no-store')
      return { ...whole(id, request), webhook_secret: target?.secret ?? null }
    },
  )

  app.delete(
    path,
    {
      schema: {
        summary: 'Let a question stand no longer, and forget what it found',
        operationId: 'removeSearch',
        tags: ['Searches'],
        params: searchParameter,
        response: { 204: noContent },
      },
      config: { scope: 'write', errors: ['not_found', ...change] },
    },
    async (request, reply) => {
      standing.remove(request.params.id)
      return reply.code(204).send()
    },
  )

  app.get(
    `${path}/matches`,
    {
      schema: {
        summary: 'New pictures that a question has found, newest first',
        operationId: 'listMatches',
        tags: ['Searches'],
        params: searchParameter,
        querystring: searchMatchParameters,
        response: { 200: searchMatches },
      },
      config: { scope: 'read', errors },
    },
    async (request) => {
      const { limit, cursor, unseen = false } = request.query
      const page = { limit, before: cursor, unseen }
      const { matches, next } = await standing.matchesOf(request.params.id, page)
      const present = presenterFor(request, services.publicUrl)
      return { matches: matches.map((each) => matchToWire(each, present)), next_cursor: next }
    },
  )

  app.post(
    `${path}/seen`,
    {
      schema: {
        summary: 'Say that matches were seen',
        operationId: 'seeMatches',
        tags: ['Searches'],
        params: searchParameter,
        body: seenRequest,
        response: { 200: standingSearch },
      },
      config: { scope: 'write', errors: ['not_found', ...change] },
    },
    async (request) => {
      const { id } = request.params
      standing.see(id, request.body.up_to)
      return whole(id, request)
    },
  )

  app.get(
    `${path}/parts/:part/thumbnail`,
    {
      schema: {
        summary: 'A picture that a question was asked with, small',
        operationId: 'getSearchThumbnail',
        tags: ['Searches'],
        params: searchPartParameters,
      },
      config: { scope: 'read', sends: { 'image/webp': fileBytes }, errors: ['not_found'] },
    },
    async (request, reply) => {
      const bytes = standing.thumbnail(request.params.id, request.params.part)
      reply.headers({
        'content-type': 'image/webp',
        'cache-control': 'private, max-age=31536000, immutable',
        'content-security-policy': "default-src 'none'; sandbox",
      })
      return reply.send(Buffer.from(bytes))
    },
  )
}
