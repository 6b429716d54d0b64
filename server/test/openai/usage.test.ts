import { createClient } from '@lookalike/sdk'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { startFakeOpenAi, type FakeOpenAi } from '../fakes/openai.ts'
import { openAiSettings } from '../support/openai-settings.ts'
import { jpeg } from '../support/pictures.ts'
import { getJson, startServer, type TestServer } from '../support/server.ts'

// What the fake says it took: 800 tokens in and 60 out to describe, 12 to embed.
const described = (800 * 2.5 + 60 * 10) / 1e6
const embedded = (12 * 0.13) / 1e6

let openai: FakeOpenAi
let server: TestServer
beforeEach(async () => {
  openai = await startFakeOpenAi()
})
afterEach(async () => {
  vi.useRealTimers()
  await server.stop()
  await openai.stop()
})

async function start(env: Record<string, string> = {}) {
  server = await startServer(openAiSettings(openai, env))
  return createClient({ baseUrl: server.url })
}

describe('the ledger', () => {
  test('sums up calls, tokens and money by day and model', async () => {
    const client = await start()
    vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-10-31T23:59:00Z') })
    for (const seed of [1, 2, 1]) await server.search(await jpeg(seed))
    vi.setSystemTime(new Date('2026-11-01T00:01:00Z'))
    await server.search(await jpeg(3))
    const { days, total, month } = await client.usage()
    expect(days.map(({ day, model, calls }) => [day, model, calls])).toEqual([
      ['2026-11-01', 'gpt-4o', 1],
      ['2026-11-01', 'text-embedding-3-large', 1],
      ['2026-10-31', 'gpt-4o', 2],
      ['2026-10-31', 'text-embedding-3-large', 2],
    ])
    expect(days[2]).toMatchObject({ input_tokens: 1600, output_tokens: 120, unpriced_calls: 0 })
    expect(total).toMatchObject({ calls: 6, input_tokens: 3 * 812, output_tokens: 180 })
    expect(total.estimated_usd).toBeCloseTo(3 * (described + embedded), 8)
    expect(month.estimated_usd).toBeCloseTo(described + embedded, 8)
    expect(month.budget_usd).toBeNull()
    expect((await client.usage({ days: 1 })).days).toHaveLength(2)
    expect((await getJson(`${server.url}/api/usage?days=0`)).body.code).toBe('invalid_parameter')
  })

  test('counts what was paid for although it could not be used', async () => {
    const client = await start()
    openai.behave({ describe: () => ({ content: null, refusal: 'no' }) })
    expect((await server.search(await jpeg(1))).status).toBe(502)
    expect((await client.usage()).total).toMatchObject({ calls: 1, input_tokens: 800 })
  })

  test('knows prices that a setting brings, and says when it knows none', async () => {
    const client = await start({
      OPENAI_VISION_MODEL: 'llava',
      OPENAI_PRICES: '{"text-embedding-3-large": {"input": 1000}}',
    })
    const { body } = await server.search(await jpeg(1))
    expect(body.usage).toMatchObject({ calls: 2, estimated_usd: null })
    const { days, total } = await client.usage()
    expect(days.map(({ model, unpriced_calls }) => [model, unpriced_calls])).toEqual([
      ['llava', 1],
      ['text-embedding-3-large', 0],
    ])
    expect(total.estimated_usd).toBeCloseTo(0.012, 8)
    expect(await client.estimateImport(10)).toMatchObject({ estimated_usd: null })
  })
})

test('an import is estimated by what is typical, and then by what was measured', async () => {
  const client = await start()
  const typical = await client.estimateImport(1000)
  expect(typical).toMatchObject({ images: 1000, basis: 'typical' })
  expect(typical.estimated_usd).toBeGreaterThan(1)
  expect(typical.estimated_usd).toBeLessThan(10)
  expect(typical.estimated_minutes).toBeGreaterThan(1)
  await server.search(await jpeg(1))
  const measured = await client.estimateImport(1000)
  expect(measured.basis).toBe('measured')
  expect(measured.estimated_usd).toBeCloseTo(1000 * (described + embedded), 5)
})

describe('a budget', () => {
  test('stops paid calls, and leaves what is known', async () => {
    // Ten dollars for the twelve tokens of an embedding, and two pictures are all there is money for.
    const prices = { 'gpt-4o': { input: 0 }, 'text-embedding-3-large': { input: 10e6 / 12 } }
    const client = await start({
      OPENAI_MONTHLY_BUDGET_USD: '20',
      OPENAI_PRICES: JSON.stringify(prices),
    })
    for (const seed of [1, 2]) expect((await server.search(await jpeg(seed))).status).toBe(200)
    const { status, body } = await server.search(await jpeg(3))
    expect([status, body.code]).toEqual([402, 'budget_exhausted'])
    expect(body.detail).toMatch(/\$20 .*OPENAI_MONTHLY_BUDGET_USD/)
    expect((await server.index(await jpeg(2))).status).toBe(201)
    expect((await server.search(await jpeg(1))).body.cached).toBe(true)
    expect(openai.calls()).toEqual([2, 2])
    expect((await client.usage()).month.budget_usd).toBe(20)
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 32 * 86_400_000 })
    expect((await server.search(await jpeg(3))).status).toBe(200)
  })

  test('needs prices', async () => {
    const models = { OPENAI_VISION_MODEL: 'llava', OPENAI_MONTHLY_BUDGET_USD: '1' }
    await expect(start(models)).rejects.toThrow(/what llava cost.*OPENAI_PRICES/)
    await start({ ...models, OPENAI_PRICES: '{"llava": {"input": 0}}' })
    expect((await server.search(await jpeg(1))).status).toBe(200)
  })
})

describe('searching by text', () => {
  test('embeds the words, once, and asks no vision model', async () => {
    const client = await start()
    await server.index(await jpeg(1), {
      image_uri: 'http://example.org/1',
      description: 'A red fox',
    })
    await server.index(await jpeg(2), { image_uri: 'http://example.org/2', description: 'A boat' })
    const found = await client.searchText('  A red fox ', { limit: 1 })
    expect(found).toMatchObject({ query_image: 'A red fox', query: { filename: null } })
    expect(found.results.map(({ image_uri }) => image_uri)).toEqual(['http://example.org/1'])
    expect(openai.calls()).toEqual([0, 2])
    const first = await client.searchText('Something new', { scoreThreshold: 0.9 })
    expect(first).toMatchObject({ total_found: 0, cached: false, usage: { calls: 1 } })
    const again = await client.searchText('Something new', {
      filter: { must: [{ is_empty: { key: 'category' } }] },
    })
    expect(again).toMatchObject({ total_found: 2, cached: true, usage: { calls: 0 } })
    expect(openai.calls()).toEqual([0, 3])
  })

  test.each([
    {},
    { query: ' ' },
    { query: 'fox', limit: 0 },
    { query: 'fox', filter: { must: 1 } },
  ])('refuses %j', async (body) => {
    await start()
    const answer = await getJson(`${server.url}/api/images/search-text`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_parameter'])
    expect(openai.calls()).toEqual([0, 0])
  })

  test('knows only names without a model, and has no estimate', async () => {
    const client = await start({ EMBEDDER: 'visual' })
    await expect(client.searchText('A red bird')).rejects.toMatchObject({
      problem: {
        status: 422,
        code: 'unknown_words',
        detail: expect.stringMatching(/EMBEDDER=openai/),
      },
    })
    await expect(client.estimateImport(5)).rejects.toMatchObject({
      problem: { code: 'unsupported' },
    })
    expect(await client.usage()).toMatchObject({ days: [], total: { calls: 0 } })
  })
})
