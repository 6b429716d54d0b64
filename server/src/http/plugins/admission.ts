import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { CallKind, Load } from '../../admission/load.ts'
import { abortWhenGone } from '../abort.ts'
import { cutOff } from '../connections/connections.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The gate through which it comes in. */
    kind?: CallKind
  }
}

/** Without these a server that is behind gets further behind; the others are what people wait for meanwhile. */
const costly = new Set<CallKind>(['upload', 'export', 'import'])
/** A sender slower than this gives its turn to another, if another wants it. Bytes a second, over all of its time. */
const minBytesPerSecond = 10_000
const graceMs = 5_000

interface UnderWay {
  readonly request: FastifyRequest
  readonly since: number
  /** What had come over its connection before. */
  readonly bytesBefore: number
}

/** Lets calls in through the gates of their kinds, before anything of their bodies is read. */
export function admission(app: FastifyInstance, { calls, eventLoop }: Load): void {
  const underWay = new Map<CallKind, Set<UnderWay>>()

  app.addHook('onRequest', async (request, reply) => {
    const { kind } = request.routeOptions.config
    if (!kind) return
    if (costly.has(kind)) eventLoop.assertOnTime()
    const gate = calls[kind]
    const others = underWay.get(kind) ?? new Set()
    underWay.set(kind, others)
    if (gate.inUse >= gate.capacity) cutSlowest(others)
    const leave = await gate.enter({ signal: abortWhenGone(reply) })
    const { socket } = request.raw
    const entry = { request, since: performance.now(), bytesBefore: socket.bytesRead }
    others.add(entry)
    const end = () => {
      others.delete(entry)
      leave()
    }
    if (reply.raw.closed) end()
    else reply.raw.once('close', end)
  })
}

/** Senders that send next to nothing would otherwise keep everybody out, for as long as a request may take. */
function cutSlowest(all: Iterable<UnderWay>): void {
  const now = performance.now()
  let slowest: { request: FastifyRequest; rate: number } | undefined
  for (const { request, since, bytesBefore } of all) {
    const ms = now - since
    if (ms < graceMs || request.raw.complete) continue
    const rate = ((request.raw.socket.bytesRead - bytesBefore) / ms) * 1000
    if (rate < (slowest?.rate ?? minBytesPerSecond)) slowest = { request, rate }
  }
  if (slowest) cutOff(slowest.request.raw.socket)
}
