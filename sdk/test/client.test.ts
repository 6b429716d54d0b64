import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer, text } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import {
  createClient,
  LookalikeApiError,
  LookalikeConnectionError,
  thumbnailSrcSet,
} from '../src/index.ts'
import type { Problem, SearchResponse, StageEvent } from '../src/index.ts'

const answer: SearchResponse = {
  query_image: 'Mostly yellow, bright, square.',
  query: {
    filename: 'duck.png',
    sha256: 'ab'.repeat(32),
    width: 512,
    height: 512,
    format: 'png',
    bytes: 3,
  },
  results: [],
  total_found: 0,
  calibration: { sure: true, pictures: 256, detail: null },
  cut_score: null,
  nearest: null,
  note: null,
  engine: 'exact',
  coverage: 'all',
  embedder: 'visual:1@320',
  cached: false,
  timings_ms: { embed: 12, total: 15 },
  usage: { calls: 0, input_tokens: 0, output_tokens: 0, estimated_usd: 0 },
}
const problem: Problem = {
  type: 'about:blank',
  title: 'This is not an image Lookalike can read',
  status: 400,
  detail: 'The file is plain text. Send a JPEG.',
  code: 'invalid_image',
  retryable: false,
  request_id: 'req-1',
}
const picture = new File([new Uint8Array([1, 2, 3])], 'duck.png', { type: 'image/png' })

type Handler = (request: IncomingMessage, response: ServerResponse) => unknown
let stop: (() => unknown) | undefined
afterEach(() => stop?.())

async function serve(handler: Handler): Promise<string> {
  const server = createServer((request, response) => void handler(request, response))
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  stop = () => {
    server.closeAllConnections()
    server.close()
  }
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function sendJson(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}

async function readForm(request: IncomingMessage): Promise<FormData> {
  const headers = { 'content-type': request.headers['content-type']! }
  return new Response(await buffer(request), { headers }).formData()
}

test('a search sends the file with its name, the fields, and the key', async () => {
  let seen: { form: FormData; url: string; accept: string; authorization: string } | undefined
  const baseUrl = await serve(async (request, response) => {
    const { accept = '', authorization = '' } = request.headers
    seen = { form: await readForm(request), url: request.url!, accept, authorization }
    sendJson(response, answer)
  })
  const client = createClient({ baseUrl: `${baseUrl}/`, apiKey: 'secret' })
  const filter = { must: [{ key: 'category', match: { value: 'duck' } }] }

  const found = await client.searchSimilar(picture, { limit: 5, scoreThreshold: 0.25, filter })

  expect(found).toEqual(answer)
  expect(seen).toMatchObject({
    url: '/api/images/search-similar',
    accept: 'application/json',
    authorization: 'Bearer secret',
  })
  const fields = Object.fromEntries(seen!.form)
  expect(fields).toMatchObject({
    limit: '5',
    score_threshold: '0.25',
    filter: JSON.stringify(filter),
  })
  const file = fields.image_file as File
  expect(file.name).toBe('duck.png')
  expect(await file.bytes()).toEqual(await picture.bytes())
})

test('a search that is watched reports each stage, however the stream is cut up', async () => {
  const baseUrl = await serve((request, response) => {
    expect(request.headers.accept).toBe('text/event-stream')
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' })
    const stages = ['receive', 'decode', 'embed', 'search'].map((stage, index) =>
      event('stage', { stage, elapsed_ms: index * 10 }),
    )
    const stream = `: hello\n\n${stages.join('')}${event('news', {})}${event('result', answer)}`
    for (let from = 0; from < stream.length; from += 7) response.write(stream.slice(from, from + 7))
    response.end()
  })
  const stages: StageEvent[] = []

  const found = await createClient({ baseUrl }).searchSimilar(picture, {
    onStage: (stage) => stages.push(stage),
  })

  expect(found).toEqual(answer)
  expect(stages.map(({ stage }) => stage)).toEqual(['receive', 'decode', 'embed', 'search'])
  expect(stages[3]!.elapsed_ms).toBe(30)
})

test('an error told in the stream is the same error as one told by status', async () => {
  const baseUrl = await serve((request, response) => {
    if (request.headers.accept !== 'text/event-stream') return sendJson(response, problem, 400)
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.end(event('stage', { stage: 'decode', elapsed_ms: 1 }) + event('error', problem))
  })
  const client = createClient({ baseUrl })

  const watched = await client.searchSimilar(picture, { onStage: () => {} }).catch((e) => e)
  const plain = await client.searchSimilar(picture).catch((e) => e)

  for (const error of [watched, plain]) {
    expect(error).toBeInstanceOf(LookalikeApiError)
    expect(error.problem).toEqual(problem)
    expect(error.message).toBe(problem.detail)
  }
})

test('a watched search that fails before the stream begins carries its problem', async () => {
  const baseUrl = await serve((_, response) => sendJson(response, problem, 400))
  const search = createClient({ baseUrl }).searchSimilar(picture, { onStage: () => {} })
  await expect(search).rejects.toMatchObject({ problem: { code: 'invalid_image' } })
})

test('a stream that breaks off is a lost connection, not an answer', async () => {
  const baseUrl = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.end(event('stage', { stage: 'receive', elapsed_ms: 0 }))
  })
  const search = createClient({ baseUrl }).searchSimilar(picture, { onStage: () => {} })
  await expect(search).rejects.toThrow(LookalikeConnectionError)
})

test('an abort ends a search with the reason given, and frees the server', async () => {
  let closed: Promise<void> | undefined
  const baseUrl = await serve((_, response) => {
    closed = new Promise((resolve) => response.on('close', resolve))
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(event('stage', { stage: 'describe', elapsed_ms: 0 }))
  })
  const controller = new AbortController()
  const reason = new Error('changed my mind')

  const search = createClient({ baseUrl }).searchSimilar(picture, {
    signal: controller.signal,
    onStage: () => controller.abort(reason),
  })

  await expect(search).rejects.toBe(reason)
  await closed
})

test('nobody listening, and a stranger answering, are told apart', async () => {
  const baseUrl = await serve((_, response) => {
    response.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad Gateway</h1>')
  })
  const client = createClient({ baseUrl })
  await expect(client.info()).rejects.toMatchObject({
    problem: { status: 502, code: 'unexpected_response' },
    retryable: true,
  })

  stop!()
  const refused = await client.info().catch((e) => e)
  expect(refused).toBeInstanceOf(LookalikeConnectionError)
  expect(refused.message).toContain(baseUrl)
  expect(refused.retryable).toBe(true)
})

test('the library calls use the documented paths', async () => {
  const seen: string[] = []
  const baseUrl = await serve(async (request, response) => {
    const multipart = request.headers['content-type']?.startsWith('multipart/')
    const form = multipart ? Object.fromEntries(await readForm(request)) : null
    const body = form ? JSON.stringify(form) : await text(request)
    seen.push(`${request.method} ${decodeURIComponent(request.url!)} ${body}`.trim())
    if (request.method === 'DELETE') response.writeHead(204).end()
    else if (request.url === '/api/session') response.writeHead(204).end()
    else sendJson(response, {})
  })
  const client = createClient({ baseUrl })

  await client.similarTo('a-1', { limit: 3, scoreThreshold: 0.5 })
  await client.similarTo('a-1', { hideDuplicates: true })
  await client.duplicates({ limit: 5, cursor: '10' })
  await client.list({ limit: 12, filter: { must: [] } })
  await client.get('a-1')
  await client.remove('a-1')
  await client.info()
  await client.health()
  await client.signIn('secret')
  await client.signOut()
  await client.index('http://example.org/a.png', { imageUri: 'urn:a', metadata: { type: 'x' } })

  expect(seen).toEqual([
    'GET /api/images/a-1/similar?limit=3&score_threshold=0.5',
    'GET /api/images/a-1/similar?hide_duplicates=true',
    'GET /api/duplicates?limit=5&cursor=10',
    'GET /api/images?limit=12&filter={"must":[]}',
    'GET /api/images/a-1',
    'DELETE /api/images/a-1',
    'GET /api/info',
    'GET /api/health',
    'POST /api/session {"key":"secret"}',
    'DELETE /api/session',
    'POST /api/images/index ' +
      JSON.stringify({
        image_url: 'http://example.org/a.png',
        image_uri: 'urn:a',
        metadata: '{"type":"x"}',
      }),
  ])
})

test('the sizes of a thumbnail go up to the picture, and stay away from other servers', () => {
  const thumbnail_url = 'http://127.0.0.1:8000/api/images/1/thumbnail?v=2'
  const of = (width: number, height: number, link = thumbnail_url) =>
    thumbnailSrcSet({ id: '1', thumbnail_url: link, width, height })
  expect(of(1000, 2000)).toBe(
    `${thumbnail_url}&size=384 192w, ${thumbnail_url}&size=768 384w, ` +
      `${thumbnail_url}&size=1536 768w, ${thumbnail_url}&size=2560 1000w`,
  )
  expect(of(700, 500)).toBe(`${thumbnail_url}&size=384 384w, ${thumbnail_url}&size=768 700w`)
  expect(of(300, 200)).toBe('')
  expect(of(1000, 2000, 'https://example.org/api/1.jpg')).toBe('')
})
