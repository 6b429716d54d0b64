import { createClient } from '@lookalike/sdk'
import { createMcpHandler } from '@modelcontextprotocol/server'
import { buildMcpServer } from './server.ts'

interface HttpOptions {
  /** How the API is called, as whoever sent the request. */
  readonly fetch: typeof globalThis.fetch
  readonly version: string
  readonly write: boolean
}

/**
 * Answers one request of streamable HTTP; nothing is kept between two, so that any of several servers may answer the next.
 *
 * @param parsedBody its body, read already
 */
export async function answerHttp(
  request: Request,
  parsedBody: unknown,
  { fetch, version, write }: HttpOptions,
): Promise<Response> {
  const client = createClient({ baseUrl: 'http://localhost', fetch })
  const { fetch: answer } = createMcpHandler(() => buildMcpServer({ client, version, write }))
  return answer(request, { parsedBody })
}
