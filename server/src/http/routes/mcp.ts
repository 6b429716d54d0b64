import type { FastifyRequest, InjectOptions } from 'fastify'
import { abortWhenGone } from '../abort.ts'
import type { App } from '../app-type.ts'
import type { Services } from '../services.ts'

/** What says who asks, and by which name the server was reached. */
const passedOn = /^(authorization|x-api-key|cookie|host|forwarded|x-forwarded-.*|user-agent)$/

/**
 * The tools of models, by streamable HTTP. They call the API as everyone does, in this process, with the headers of
 * whoever asks: keys, scopes, limits and the audit log hold for them as they are.
 */
export function mcpRoute(app: App, { tools, maxUploadMegabytes, publicUrl }: Services): void {
  if (!tools) return
  app.post(
    '/mcp',
    {
      // A picture in base64, and what is said about it.
      bodyLimit: Math.ceil((maxUploadMegabytes * 1e6 * 4) / 3) + 1_000_000,
      schema: { hide: true },
      config: { scope: 'read', kind: 'tool' },
    },
    async (request, reply) => {
      const signal = abortWhenGone(reply)
      const url = new URL(request.url, publicUrl ?? 'http://localhost')
      const { method, body } = request
      const asked = new Request(url, { method, headers: headersOf(request), signal })
      const answer = await tools(asked, body, callerFetch(app, request, signal))
      reply.code(answer.status).headers(Object.fromEntries(answer.headers))
      return reply.send(answer.body ?? null)
    },
  )
}

/** Calls this application as `request` was sent to it, without leaving the process. */
function callerFetch(app: App, request: FastifyRequest, gone: AbortSignal) {
  const own = [...headersOf(request)].filter(([name]) => passedOn.test(name))
  return async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const called = new Request(input, init)
    const { pathname, search } = new URL(called.url)
    const signal = AbortSignal.any([gone, called.signal])
    const answer = await app.inject({
      method: called.method as NonNullable<InjectOptions['method']>,
      url: pathname + search,
      headers: { ...Object.fromEntries(called.headers), ...Object.fromEntries(own) },
      ...(called.body && { payload: Buffer.from(await called.arrayBuffer()) }),
      remoteAddress: request.socket.remoteAddress ?? '',
      signal,
    })
    const headers = Object.entries(answer.headers).map(([name, value]) => [name, String(value)])
    const isEmpty = [204, 304].includes(answer.statusCode)
    return new Response(isEmpty ? null : new Uint8Array(answer.rawPayload), {
      status: answer.statusCode,
      headers: headers as [string, string][],
    })
  }
}

function headersOf({ headers }: FastifyRequest): Headers {
  const entries = Object.entries(headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as [string, string]],
  )
  return new Headers(entries)
}
