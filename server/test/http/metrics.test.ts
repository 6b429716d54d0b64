import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Problem } from '@lookalike/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startFakeOpenAi } from '../fakes/openai.ts'
import { openAiSettings } from '../support/openai-settings.ts'
import { jpeg } from '../support/pictures.ts'
import { startProcess } from '../support/process.ts'
import { getJson, startServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

/** Samples by their name with labels. */
async function scrape(url: string, init: RequestInit = {}): Promise<Map<string, number>> {
  const answer = await fetch(`${url}/metrics`, init)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  const lines = (await answer.text()).split('\n').filter((line) => line && !line.startsWith('#'))
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))])) // prettier-ignore
}

const requests = (labels: string) => `lookalike_http_requests_total{${labels}}`

test('requests are counted by pattern, stages timed, errors by code, the library measured', async () => {
  const image = await jpeg(1)
  const { body: record } = await server.index(image)
  await server.search(image)
  await server.search(await jpeg(2))
  for (const id of [record.id, record.id, crypto.randomUUID()]) {
    await fetch(`${server.url}/api/images/${id}`)
  }
  await server.search(null)
  const samples = await scrape(server.url)
  const read = 'method="GET",route="/api/images/:id"'
  expect(samples.get(requests(`${read},status="200"`))).toBe(2)
  expect(samples.get(requests(`${read},status="404"`))).toBe(1)
  expect(samples.get(`lookalike_http_request_duration_seconds_count{${read}}`)).toBe(3)
  expect(samples.get('lookalike_errors_total{code="missing_file"}')).toBe(1)
  expect(samples.get('lookalike_images')).toBe(1)
  expect(samples.get('lookalike_data_bytes{file="library.db"}')).toBeGreaterThan(4000)
  expect(samples.get('lookalike_disk_free_bytes')).toBeGreaterThan(0)
  expect(samples.get('lookalike_queue_waiting{queue="engine"}')).toBe(0)
  expect(samples.get('lookalike_queue_capacity{queue="search"}')).toBeGreaterThan(1)
  expect(samples.has('nodejs_eventloop_lag_p99_seconds')).toBe(true)
  // Two pictures were decoded: the third was known by its bytes.
  for (const [stage, times] of Object.entries({ decode: 2, search: 2, store: 1 })) {
    expect(samples.get(`lookalike_stage_duration_seconds_count{stage="${stage}"}`), stage).toBe(times) // prettier-ignore
  }
  // The one that asks.
  expect(samples.get('lookalike_http_requests_in_flight')).toBe(1)
})

test('whoever makes up addresses and methods makes no series', async () => {
  await scrape(server.url)
  const before = new Set((await scrape(server.url)).keys())
  for (let n = 0; n < 20; n++) {
    await fetch(`${server.url}/api/made-up-${n}`)
    await fetch(`${server.url}/api/images/${n}?filter=${n}`)
    await fetch(`${server.url}/api/info`, { method: ['REPORT', 'PURGE', 'PUT'][n % 3]! })
    await fetch(`${server.url}/%zz${n}`)
  }
  const after = [...(await scrape(server.url)).keys()].filter((key) => !before.has(key))
  const requested = after.filter((key) => key.startsWith('lookalike_http_requests_total'))
  // What is no route is asked of the page, where that is built.
  expect(requested.map((key) => key.replace('"/*"', '"none"')).toSorted()).toEqual([
    requests('method="GET",route="/api/images/:id",status="400"'),
    requests('method="GET",route="none",status="404"'),
    requests('method="PUT",route="/api/info",status="405"'),
    requests('method="other",route="none",status="404"'),
  ])
})

test('a request goes by the name that its caller gives it, where that is one', async () => {
  const named = (id: string) =>
    getJson<Problem>(`${server.url}/api/images/none`, { headers: { 'x-request-id': id } })
  const own = await named('trace/7f:1')
  expect([own.headers.get('x-request-id'), own.body.request_id]).toEqual(['trace/7f:1', 'trace/7f:1']) // prettier-ignore
  for (const unusable of ['', 'a b', '{"a":1}', 'x'.repeat(129)]) {
    const { headers, body } = await named(unusable)
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
    expect(body.request_id).toBe(headers.get('x-request-id'))
  }
})

test('answers say how long their parts took', async () => {
  const { headers } = await server.search(await jpeg(3))
  expect(headers.get('server-timing')).toMatch(
    /^receive;dur=[\d.]+, decode;dur=[\d.]+, embed;dur=[\d.]+, search;dur=[\d.]+, total;dur=[\d.]+$/,
  )
  const health = await fetch(`${server.url}/api/health`)
  expect(health.headers.get('server-timing')).toMatch(/^total;dur=[\d.]+$/)
})

test('without keys metrics are for this machine alone, with keys for whoever has one', async () => {
  for (const header of ['x-forwarded-for', 'forwarded']) {
    const headers = { [header]: 'for=192.0.2.1' }
    expect((await fetch(`${server.url}/metrics`, { headers })).status).toBe(401)
  }
  const keyed = await startServer({ API_KEYS: 'one-key' })
  try {
    expect((await fetch(`${keyed.url}/metrics`)).status).toBe(401)
    await scrape(keyed.url, { headers: { authorization: 'Bearer one-key' } })
  } finally {
    await keyed.stop()
  }
})

test('what models are asked, what it costs and what is remembered is counted', async () => {
  const openai = await startFakeOpenAi()
  const paying = await startServer(openAiSettings(openai, { OPENAI_MONTHLY_BUDGET_USD: '5' }))
  try {
    for (const seed of [1, 2, 1]) await paying.search(await jpeg(seed))
    const samples = await scrape(paying.url)
    const of = (metric: string) => samples.get(`lookalike_model_${metric}{model="gpt-4o"}`)
    expect([of('calls_total'), of('input_tokens_total'), of('output_tokens_total')]).toEqual([2, 1600, 120]) // prettier-ignore
    expect(of('cost_usd_total')).toBeCloseTo((2 * (800 * 2.5 + 60 * 10)) / 1e6, 8)
    expect(samples.get('lookalike_model_budget_usd')).toBe(5)
    expect(samples.get('lookalike_queue_running{queue="provider"}')).toBe(0)
    const found = (result: string) =>
      samples.get(`lookalike_cache_lookups_total{kind="description",result="${result}"}`)
    expect([found('hit'), found('miss')]).toEqual([1, 2])
  } finally {
    await paying.stop()
    await openai.stop()
  }
})

test('the access log has a line for every answer, and no secret in it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  const started = await startProcess({ DATA_DIR: folder, ACCESS_LOG: 'true' }, folder)
  try {
    await fetch(`${started.url}/api/images?limit=1&token=hush`, {
      headers: { 'x-request-id': 'mine' },
    })
    await fetch(`${started.url}/api/nowhere`)
    await started.kill('SIGTERM')
    const lines = started
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({
        msg: 'answered',
        reqId: 'mine',
        status: 200,
        ms: expect.any(Number),
        req: expect.objectContaining({ method: 'GET', url: '/api/images?limit=1&token=***' }),
      }),
      expect.objectContaining({ msg: 'answered', status: 404 }),
    ])
  } finally {
    await started.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
})
