import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { Gate } from '../../admission/gate.ts'
import { LookalikeError } from '../../errors.ts'
import { toProblem } from '../problem.ts'

/** What HTTP's server itself is told; see `connections` for what follows from it. */
export function connectionOptions(
  { requestMs, idleMs }: ConnectionTimes,
  noteError: (error: LookalikeError) => void,
) {
  return {
    // Until all of a request is there.
    requestTimeout: requestMs,
    connectionTimeout: idleMs,
    http: {
      requestTimeout: requestMs,
      connectionsCheckingInterval: Math.min(5_000, requestMs / 4),
    },
    clientErrorHandler(error: ClientError, socket: Socket) {
      const problem = problemOf(error)
      noteError(problem)
      refuse(socket, problem)
    },
  }
}

export interface ConnectionTimes {
  /** Longest that a request may take to arrive whole. */
  readonly requestMs: number
  /** Longest that nothing may come of a request, or go of an answer, before its end. */
  readonly idleMs: number
}

interface ClientError {
  readonly code?: string
  /** Bytes, whatever Fastify's types say. */
  readonly rawPacket?: unknown
}

interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/**
 * Closes connections that stand still, and sees to it that a refusal is read: an answer given before
 * the body has arrived is lost if the connection is closed on a client that is still sending.
 */
export function connections(app: FastifyInstance): void {
  const exchanges = new WeakMap<Socket, Exchange>()

  app.addHook('onRequest', async ({ raw: request }, { raw: response }) => {
    exchanges.set(request.socket, { request, response })
  })

  app.addHook('onSend', async ({ raw }, reply, payload) => {
    if (raw.complete || typeof payload !== 'string') return payload
    // The body is read on and thrown away, as long as a request may take: the client, which looks for
    // the answer when it has sent everything, finds it.
    reply.removeHeader('connection')
    reply.header('content-length', Buffer.byteLength(payload))
    return Readable.from(untilReceived(payload, raw))
  })

  app.server.on('timeout', (socket: Socket) => {
    const exchange = exchanges.get(socket)
    if (!exchange || exchange.response.writableFinished) socket.destroy()
    else if (!exchange.request.complete) refuse(socket, tooSlow(), exchange.response)
    // Else the client does not read its answer, or waits for us to find one.
    else if (socket.writableLength > 0) socket.destroy()
  })
}

/** Bodies that are thrown away come in few at a time: hundreds of them would hold up everybody else. */
const discarding = new Gate({ capacity: 8, maxWaiting: 0, maxWaitMs: 0, refusal: '' })

async function* untilReceived(payload: string, raw: IncomingMessage): AsyncGenerator<string> {
  yield payload
  const received = finished(raw, { writable: false }).catch(() => {})
  await discarding.run({ patient: true }, async () => {
    raw.resume()
    await received
  })
}

const refused = new WeakSet<Socket>()
/** For the client to read its answer, before a connection with unread data is closed. */
const lingerMs = 2_000

/** Answers in place of the application, which has not seen the request or waits for the rest of it. */
function refuse(socket: Socket, error: LookalikeError, response?: ServerResponse): void {
  if (refused.has(socket)) return
  refused.add(socket)
  const answering = response ?? (socket as Socket & { _httpMessage?: ServerResponse })._httpMessage
  if (!socket.writable || answering?.headersSent) {
    socket.destroy()
    return
  }
  const problem = toProblem(error, crypto.randomUUID())
  const body = JSON.stringify(problem)
  socket.end(
    [
      `HTTP/1.1 ${problem.status} ${problem.title}`,
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      'Connection: close',
      '',
      body,
    ].join('\r\n'),
  )
  socket.resume()
  setTimeout(() => socket.destroy(), lingerMs).unref()
}

/** Ends the request that is being received, and says so. */
export function cutOff(socket: Socket): void {
  refuse(socket, tooSlow())
}

function tooSlow(): LookalikeError {
  return new LookalikeError(
    'request_timeout',
    'The request did not arrive in time: send it again, on a faster or steadier connection.',
  )
}

/** What is wrong with bytes that are no request. */
function problemOf(error: ClientError): LookalikeError {
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT') return tooSlow()
  if (error.code === 'HPE_HEADER_OVERFLOW') {
    const [line] = String(error.rawPacket ?? '').split('\r\n')
    const isAddress = /^[A-Z]+ /.test(line!) && line!.length > 16_000
    return isAddress
      ? new LookalikeError('uri_too_long', 'The address is longer than 16 kB: shorten its filter.')
      : new LookalikeError('headers_too_large', 'Address and headers are larger than 16 kB: send less of them.') // prettier-ignore
  }
  if (error.code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') {
    return new LookalikeError('upload_too_large', 'The chunk extensions are larger than 16 kB.')
  }
  return new LookalikeError(
    'invalid_parameter',
    'This is not HTTP/1.1: the request cannot be read.',
  )
}
