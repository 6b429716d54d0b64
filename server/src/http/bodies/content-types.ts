import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { LookalikeError } from '../../errors.ts'
import { wantedForm } from './form.ts'

/**
 * Which bodies are read: JSON, unless a route brings a reader of its own. No body at all is fine
 * whatever its type is said to be: clients name one out of habit.
 */
export function contentTypes(app: FastifyInstance): void {
  app.removeContentTypeParser('text/plain')
  app.addHook('onRequest', async ({ mediaType, raw: { headers } }) => {
    const encoding = headers['content-encoding']?.trim().toLowerCase()
    if (encoding && encoding !== 'identity') {
      throw new LookalikeError(
        'unsupported_media_type',
        `A body with Content-Encoding: ${encoding.slice(0, 100)} is not read here. Send it as it is.`,
      )
    }
    // As if none had been sent: what is to be sent is told below.
    if (!mediaType) delete headers['content-type']
  })
  app.addContentTypeParser('*', async (request: FastifyRequest, body: Readable) => {
    const wanted = wantedBy(request)
    // Left to a route that reads nothing, or says itself what it would have read.
    if (wanted === null) return
    // The first bytes decide: a large body is not waited for.
    for await (const _ of body.iterator({ destroyOnReturn: false })) {
      const type = request.headers['content-type']
      const given =
        type === undefined
          ? 'The body has no valid Content-Type'
          : `A body of ${type} is not read here`
      throw new LookalikeError('unsupported_media_type', `${given}. ${wanted}`)
    }
  })
}

function wantedBy(request: FastifyRequest): string | null {
  const { config, schema, url = '' } = request.routeOptions
  if (config.form) {
    return (
      wantedForm(request) ??
      "Send multipart/form-data, as HTTP clients make it of a form, with the picture in a part named 'image_file'."
    )
  }
  const types = [...(schema?.body ? ['application/json'] : []), ...Object.keys(config.takes ?? {})]
  // SPARQL's own protocol has more to say.
  if (types.length === 0 || url.startsWith('/api/kg/')) return null
  return `Send Content-Type: ${types.join(', or ')}.`
}
