import { existsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { LocalServer } from './local-server.ts'
import { type Exchange, type OpenApi, readOpenApi } from './openapi.ts'
import { type Collection, QdrantEngine, Refusal } from './qdrant-engine.ts'

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
}

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
  private readonly options: FakeOptions
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

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readJson(request)
    const fault = this.faults.shift()
    if (fault?.kind === 'hang') return
    if (fault?.kind === 'slow') await sleep(fault.ms)
    if (fault?.kind === 'foreign') return void response.end('<h1>It works!</h1>')
    if (fault?.kind === 'result') return send(response, 200, { result: fault.result })
    if (fault?.kind === 'status') {
      return send(response, fault.status, { status: { error: fault.error ?? 'Service error' } })
    }
    const started = performance.now()
    try {
      const result = this.handle(request, body)
      const time = (performance.now() - started) / 1000
      const whole = 'title' in Object(result) ? result : { result, status: 'ok', time }
      this.note(this.requests.at(-1)!, whole)
      if (fault?.kind === 'cut') return cutOff(response, whole)
      send(response, 200, whole)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      send(response, error.status, { status: { error: error.message }, time: 0 })
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
    const template = name ? path.replace(name, '{collection_name}') : path
    const method = request.method!
    const seen: SeenRequest = { method, path, template, query: url.searchParams, body }
    this.requests.push(seen)
    const wrong = notValidated === null ? readOpenApiOnce().checkRequest(seen) : null
    if (wrong) {
      this.violations.push(`${method} ${template}: ${wrong}`)
      throw new Refusal(400, wrong)
    }
    if (template === '/') return { title: 'qdrant - vector search engine', version, commit: 'fake' }
    if (apiKey && request.headers['api-key'] !== apiKey) throw new Refusal(401, 'Invalid API key')
    return this.route(seen, decodeURIComponent(name ?? ''))
  }

  private route({ method, template, query, body }: SeenRequest, name: string): unknown {
    const call = `${method} ${template.replace('/collections/{collection_name}', '')}`
    if (call === 'PUT ') return this.engine.create(name, body as never)
    if (call === 'DELETE ') return this.engine.drop(name)
    if (call === 'GET /aliases') return { aliases: this.engine.listAliases() }
    if (call === 'POST /collections/aliases') return this.engine.changeAliases(body as never)
    const collection = this.engine.collection(name)
    const read = reads[call]
    if (read) return read(collection, body as never)
    const write = writes[call]
    if (!write) throw new Refusal(404, `No fake for ${call}`)
    write(collection, body as never)
    return { operation_id: 1, status: query.get('wait') === 'true' ? 'completed' : 'acknowledged' }
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
  'PUT /points/payload': (collection, body) => collection.overwrite(body),
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString()
  return text === '' ? undefined : (JSON.parse(text) as unknown)
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function cutOff(response: ServerResponse, body: unknown): void {
  const text = JSON.stringify(body)
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  })
  response.write(text.slice(0, text.length / 2), () => response.destroy())
}
