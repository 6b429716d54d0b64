import type swagger from '@fastify/swagger'
import './route-config.ts'
import { convertRoute } from './conversion.ts'
import { errorAnswers } from './errors.ts'

type Transform = NonNullable<swagger.FastifyDynamicSwaggerOptions['transform']>

/** Describes a route by its schemas and by what its `config` says. */
export const describeRoute: Transform = (document) => {
  const { schema, route } = document
  if (!schema || schema.hide) return convertRoute(document)
  const { form, reads, takes, sends, errors = [], rateLimit, scope, kind } = route.config ?? {}
  const querystring = reads ?? schema.querystring
  const body = form ?? schema.body
  const answers = schema.response as Record<string, unknown> | undefined
  const failures = errorAnswers({
    hasParameters: Boolean(querystring ?? schema.params),
    hasBody: Boolean(body ?? takes),
    // Whoever needs no key says so, for those who read the description.
    isGuarded: schema.security === undefined,
    isScoped: scope === 'write' || scope === 'admin',
    isLimited: Boolean(rateLimit),
    isAdmitted: kind !== undefined,
    errors,
  })
  const converted = convertRoute({
    ...document,
    schema: {
      ...schema,
      // Also for who has no key: a server may ask for none.
      ...(scope && { security: [{}, { apiKey: [scope] }] }),
      querystring,
      body,
      ...(form && { consumes: ['multipart/form-data'] }),
      response: {
        ...answers,
        ...(sends && {
          200: { description: schema.summary, content: typed(sends, answers?.[200]) },
        }),
        ...(takes && { [bodies]: { content: typed(takes, body) } }),
      },
    },
  })
  const { [bodies]: content, ...response } = converted.schema.response as Record<string, unknown>
  return {
    ...converted,
    schema: {
      ...converted.schema,
      response: { ...failures, ...response },
      ...(content !== undefined && { body: content }),
    },
  }
}

/** Where bodies of several content types stand meanwhile: the type provider reads those of answers only. */
const bodies = 'bodies'

/** @param json what travels as JSON besides */
function typed(schemas: Readonly<Record<string, unknown>>, json: unknown) {
  const all = { ...(json !== undefined && { 'application/json': json }), ...schemas }
  return Object.fromEntries(Object.entries(all).map(([type, schema]) => [type, { schema }]))
}
