import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { LookalikeError } from '../../errors.ts'
import { Stages } from '../../library/stages.ts'
import type { Exchange, Metrics } from '../metrics/metrics.ts'
import type { Tracing } from '../tracing/tracing.ts'
import { accessLog } from './request-log.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** The parts of its work, where they are timed. */
    stages: Stages | null
    exchange: Exchange | null
  }
  interface FastifyInstance {
    /** Called with every error that a request ends in. */
    noteError(error: LookalikeError): void
  }
}

export interface MeasuringOptions {
  readonly metrics: Metrics
  /** Whether every request gets a line in the log. */
  readonly accessLog: boolean
  readonly noteError: (error: LookalikeError) => void
  readonly tracing: Tracing | null
}

const idHeader = 'x-request-id'
/** What identifiers are made of, and short: it is written into logs and answers. */
const usableId = /^[\w.:+/=@-]{1,128}$/

/** The caller's name for a request, where it can be used as one; a new one otherwise. */
export function requestId({ headers }: { headers: IncomingHttpHeaders }): string {
  const given = headers[idHeader]
  return typeof given === 'string' && usableId.test(given) ? given : crypto.randomUUID()
}

/** Times the parts of an answer: for its metrics, and for `Server-Timing`. */
export function timeStages(reply: FastifyReply): Stages {
  reply.stages = new Stages()
  return reply.stages
}

/** Counts and times every request, names it, and logs it where that is wanted. */
export function measuring(app: FastifyInstance, options: MeasuringOptions): void {
  const { metrics } = options
  app.decorateReply('stages', null)
  app.decorateReply('exchange', null)
  app.decorate('noteError', options.noteError)
  const log = options.accessLog ? accessLog(app.log) : null

  // Every request passes here: hooks with a callback cost less than those that return a promise.
  app.addHook('onRequest', (request, reply, done) => {
    reply.exchange = metrics.begin(request.method, routeOf(request))
    reply.header(idHeader, request.id)
    done()
  })

  app.addHook('onSend', (_request, reply, payload, done) => {
    reply.header('server-timing', serverTiming(reply))
    done(null, payload)
  })

  app.addHook('onResponse', (request, reply, done) => {
    reply.exchange?.end(reply.statusCode, reply.elapsedTime / 1000)
    if (reply.stages) metrics.timed(reply.stages.spent)
    log?.(request, reply)
    options.tracing?.record(request, reply)
    done()
  })
}

/** Undefined for what has no route of its own. */
function routeOf(request: FastifyRequest): string | undefined {
  return request.is404 ? undefined : request.routeOptions.url
}

/** W3C Server-Timing: milliseconds until the first byte of the answer, and of the parts that are over by then. */
function serverTiming({ stages, elapsedTime }: FastifyReply): string {
  const total = `total;dur=${elapsedTime.toFixed(2)}`
  if (!stages) return total
  const parts = Object.entries(stages.spent).map(([name, ms]) => `${name};dur=${ms.toFixed(2)}`)
  return [...parts, total].join(', ')
}
