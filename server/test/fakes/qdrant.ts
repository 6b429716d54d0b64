import { existsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { LocalServer } from './local-server.ts'
import { type Exchange, type OpenApi, readOpenApi } from './openapi.ts'
import type { Collection } from './qdrant/collection.ts'
import { QdrantEngine } from './qdrant/engine.ts'
import { Refusal, SilentMiss } from './qdrant/refusal.ts'

const contract = new URL('../../../../shared/contracts/qdrant-1.19.openapi.json', import.meta.url)

/** Why requests to the fake are not held to Qdrant's own API document; null when they are. */
export const notValidated = existsSync(contract) ? null : "Qdrant's API document is not beside here"

export type Fault =
  | { readonly kind: 'hang' }
  | { readonly kind: 'slow'; readonly ms: number }
  /** Half of the answer, then the connection is dropped. */
  | { readonly kind: 'cut' }
  | { readonly kind: 'status'; readonly status: number; readonly error?: string }
  /** A success that is not Qdrant's. */
  | { readonly kind: 'foreign' }
  /** A success with this result, and nothing done. */
  | { readonly kind: 'result'; readonly result: unknown }

export interface SeenRequest extends Exchange {
  readonly path: string
  readonly headers: IncomingMessage['headers']
}

/** What Qdrant takes in one request; more it cuts off without an answer. */
const maxBodyBytes = 32 * 1024 * 1024

interface FakeOptions {
  apiKey?: string
  /** Answers only below this path, as behind a proxy. */
  prefix?: string
  version?: string
}

const readOpenApiOnce = (() => {
  let api: OpenApi | null = null
  return () => (api ??= readOpenApi(contract))
})()

/**
 * A Qdrant of one's own: the real protocol over real HTTP, data in memory, and every fault a network
 * has. Where Qdrant's API document is at hand, a request (and an answer) that breaks it is kept in
 * `violations`, and refused.
 */
export class FakeQdrant extends LocalServer {
  readonly engine = new QdrantEngine()
  readonly requests: SeenRequest[] = []
  readonly violations: string[] = []
  /**
   * Whether one of three nodes is gone and the others have not noticed: reads of more than one copy fail, and
   * so do writes.
   */
  dying = false
  /** How many answers were asked for, and sent, in gzip. */
  gzipped = 0
  private readonly options: FakeOptions
  private waiting: (() => void)[] = []
  private answered = 0
  private faults: Fault[] = []

  constructor(options: FakeOptions = {}) {
    super()
    this.options = options
  }

  get url(): string {
    return `${this.origin}${this.options.prefix ?? ''}`
  }

  /** The next `times` requests meet this fault instead of an answer. */
  fail(fault: Fault, times = 1): void {
    this.faults = Array.from({ length: times }, () => fault)
  }

  heal(): void {
    this.faults = []
  }

  /** Until a request like this has come. */
  async untilSeen(like: (request: SeenRequest) => boolean): Promise<void> {
    const from = this.requests.length
    while (!this.requests.slice(from).some(like)) {
      await new Promise<void>((resolve) => this.waiting.push(resolve))
    }
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (Number(request.headers['content-length'] ?? 0) > maxBodyBytes) return void request.destroy()
    const body = await readJson(request)
    if (asksForGzip(request)) this.gzipped++
    const fault = this.faults.shift()
    if (fault?.kind === 'hang') return
    if (fault?.kind === 'slow') await sleep(fault.ms)
    if (fault?.kind === 'foreign') return void response.end('<h1>It works!</h1>')
    if (fault?.kind === 'result') return send(request, response, 200, { result: fault.result })
    if (fault?.kind === 'status') {
      return send(request, response, fault.status, {
        status: { error: fault.error ?? 'Service error' },
      })
    }
    const started = performance.now()
    try {
      const result = this.handle(request, body)
      const time = (performance.now() - started) / 1000
      const whole = 'title' in Object(result) ? result : { result, status: 'ok', time }
      this.note(this.requests.at(-1)!, whole)
      if (fault?.kind === 'cut') return cutOff(response, whole)
      send(request, response, 200, whole)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      if (error instanceof SilentMiss) this.violations.push(error.message)
      send(request, response, error.status, { status: { error: error.message }, time: 0 })
    }
  }

  private note(seen: Exchange, answer: unknown): void {
    const wrong = notValidated === null && readOpenApiOnce().checkAnswer(seen, answer)
    if (wrong) this.violations.push(`${seen.method} ${seen.template}: ${wrong}`)
  }

  private handle(request: IncomingMessage, body: unknown): unknown {
    const { prefix = '', apiKey, version = '1.19.0' } = this.options
    const url = new URL(request.url!, 'http://localhost')
    if (!url.pathname.startsWith(prefix)) throw new Refusal(404, '')
    const path = url.pathname.slice(prefix.length)
    const [, name] = /^\/collections\/(?!aliases$)([^/]+)/.exec(path) ?? []
    const template = (name ? path.replace(name, '{collection_name}') : path).replace(
      /shards\/\d+/,
      'shards/{shard_id}',
    )
    const method = request.method!
    const { headers } = request
    const seen: SeenRequest = { method, path, template, query: url.searchParams, body, headers }
    this.requests.push(seen)
    for (const resolve of this.waiting.splice(0)) resolve()
    const wrong = notValidated === null ? readOpenApiOnce().checkRequest(seen) : null
    if (wrong) {
      this.violations.push(`${method} ${template}: ${wrong}`)
      throw new Refusal(400, wrong)
    }
    if (template === '/') return { title: 'qdrant - vector search engine', version, commit: 'fake' }
    if (apiKey && request.headers['api-key'] !== apiKey) throw new Refusal(401, 'Invalid API key')
    return this.route(seen, decodeURIComponent(name ?? ''))
  }

  private route({ method, path, template, query, body }: SeenRequest, name: string): unknown {
    const call = `${method} ${template.replace('/collections/{collection_name}', '')}`
    // Requests go around, as behind a balancer.
    const node = this.answered++ % this.engine.shards.length
    if (call === 'PUT ') return this.engine.create(name, body as never)
    if (call === 'DELETE ') return this.engine.drop(name)
    if (call === 'GET /aliases') return { aliases: this.engine.listAliases() }
    if (call === 'POST /collections/aliases') return this.engine.changeAliases(body as never)
    const collection = this.engine.collection(name)
    if (call === 'GET /cluster') return this.engine.clusterInfo(collection, node)
    if (call === 'POST /snapshots') return this.engine.snapshot(name)
    if (call === 'POST /shards/{shard_id}/snapshots') {
      return this.engine.snapshotShard(Number(/shards\/(\d+)/.exec(path)![1]), node)
    }
    if (
      this.dying &&
      call in reads &&
      query.has('consistency') &&
      query.get('consistency') !== '1'
    ) {
      throw new Refusal(
        500,
        'Service internal error: 1 of 3 read operations failed: transport error',
      )
    }
    if (this.dying && call in writes) {
      const shard = 'The replica set for shard 0 on peer 1 does not have enough active replicas'
      throw new Refusal(500, `Service internal error: ${shard}`)
    }
    const read = reads[call]
    if (read) return read(collection, body as never)
    const write = writes[call]
    if (!write) throw new Refusal(404, `No fake for ${call}`)
    const done = write(collection, body as never)
    return (
      done ?? {
        operation_id: 1,
        status: query.get('wait') === 'true' ? 'completed' : 'acknowledged',
      }
    )
  }
}

type Handlers = { [call: string]: (collection: Collection, body: never) => unknown }

const reads: Handlers = {
  'GET ': (collection) => collection.info(),
  'PATCH ': (collection, body) => collection.update(body),
  'POST /points': (collection, body) => collection.retrieve(body),
  'POST /points/scroll': (collection, body) => collection.scroll(body),
  'POST /points/query': (collection, body) => collection.query(body),
  'POST /points/count': (collection, body) => collection.count(body),
  'POST /facet': (collection, body) => collection.facet(body),
}

const writes: Handlers = {
  'PUT /index': (collection, body) => collection.index(body),
  'PUT /points': (collection, body) => collection.upsert(body),
  'POST /points/delete': (collection, body) => collection.delete(body),
  'POST /points/batch': (collection, body) => collection.batch(body),
  'PUT /points/payload': (collection, body) => collection.overwrite(body),
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString()
  return text === '' ? undefined : (JSON.parse(text) as unknown)
}

/** Who asks for gzip gets it, as Qdrant sends it: the head, and then the body in chunks, each written apart. */
function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  body: unknown,
): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(asksForGzip(request) && { 'content-encoding': 'gzip' }),
  })
  if (!asksForGzip(request)) return void response.end(JSON.stringify(body))
  response.flushHeaders()
  const packed = gzipSync(JSON.stringify(body))
  for (let at = 0; at < packed.length; at += 1024) response.write(packed.subarray(at, at + 1024))
  response.end()
}

function asksForGzip({ headers }: IncomingMessage): boolean {
  return /\bgzip\b/.test(String(headers['accept-encoding'] ?? ''))
}

function cutOff(response: ServerResponse, body: unknown): void {
  const text = JSON.stringify(body)
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  })
  response.write(text.slice(0, text.length / 2), () => response.destroy())
}
