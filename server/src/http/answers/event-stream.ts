import { PassThrough } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { jsonLd } from './json-ld.ts'
import { negotiate } from './negotiate.ts'
import { explain, logFailure, toProblem } from '../problem.ts'

export type SendEvent = (event: string, data: unknown) => void

const eventStream = 'text/event-stream'

/** Proxies give up on a connection that is silent for half a minute or a whole one. */
const breathMs = 15_000

/** Whether the caller asked to be told of progress. */
export function wantsEvents(request: FastifyRequest): boolean {
  return negotiate(request, ['application/json', jsonLd, eventStream]) === eventStream
}

/**
 * Answers with server-sent events: those the work sends, then `result` with what it returns, or
 * `error` with problem details. While the work takes its time, comments keep the connection alive.
 */
export function sendEventStream(
  request: FastifyRequest,
  reply: FastifyReply,
  work: (send: SendEvent) => Promise<unknown>,
): FastifyReply {
  const stream = new PassThrough()
  const send: SendEvent = (event, data) => {
    stream.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  }
  const breath = setInterval(() => stream.write(': working\n\n'), breathMs)
  work(send)
    .then(
      (result) => send('result', result),
      (error: unknown) => {
        logFailure(error, request)
        request.server.noteError(explain(error))
        send('error', toProblem(error, request.id))
      },
    )
    .finally(() => {
      clearInterval(breath)
      stream.end()
    })
  // Proxies that buffer would deliver all of the progress at once, at the end.
  return reply
    .headers({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
    .type(eventStream)
    .send(stream)
}
