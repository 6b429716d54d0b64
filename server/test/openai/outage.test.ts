import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { startFakeOpenAi, type FakeOpenAi } from '../fakes/openai.ts'
import { openAiSettings } from '../support/openai-settings.ts'
import { jpeg } from '../support/pictures.ts'
import { startServer, type TestServer } from '../support/server.ts'

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

async function start(env: Record<string, string> = {}): Promise<void> {
  server = await startServer(openAiSettings(openai, env))
}

describe('trying again', () => {
  test('waits as long as the provider asks', async () => {
    await start()
    openai.behave({ fail: { status: 429, times: 1, retryAfter: 1 } })
    expect((await server.search(await jpeg(1))).status).toBe(200)
    const [first, second] = openai.arrivals
    expect(second! - first!).toBeGreaterThanOrEqual(1000)
  })

  test('is left to the caller when the provider asks for longer than the deadline', async () => {
    await start({ OPENAI_VISION_TIMEOUT_MS: '5000' })
    openai.behave({ fail: { status: 429, times: 1, retryAfter: 20 } })
    const { status, headers, body } = await server.search(await jpeg(1))
    expect([status, body.code]).toEqual([503, 'provider_unavailable'])
    expect(headers.get('retry-after')).toBe('20')
    expect(openai.calls()).toEqual([1, 0])
  })

  test.each([400, 401, 403])('is no use after %i', async (status) => {
    await start()
    // Of a model that never answered, a 400 may mean that it knows less than was sent.
    await server.search(await jpeg(7))
    openai.behave({ fail: { status, times: 9 } })
    expect((await server.search(await jpeg(1))).body.code).toBe('provider_rejected')
    expect(openai.calls()).toEqual([2, 1])
  })

  test.each([408, 409, 500, 503])('helps after %i', async (status) => {
    await start()
    openai.behave({ fail: { status, times: 2, retryAfter: 0 } })
    expect((await server.search(await jpeg(1))).status).toBe(200)
    expect(openai.calls()).toEqual([3, 1])
  })
})

describe('each model has its own deadline', () => {
  const times = { OPENAI_VISION_TIMEOUT_MS: '400', OPENAI_EMBEDDING_TIMEOUT_MS: '300' }
  test.each([
    ['chat', times, /gpt-4o did not answer within 0\.4 s \(OPENAI_VISION_TIMEOUT_MS\)/],
    ['embedding', times, /3-large did not answer within 0\.3 s \(OPENAI_EMBEDDING_TIMEOUT_MS\)/],
    ['embedding', { OPENAI_TIMEOUT_MS: '350' }, /within 0\.35 s/],
  ] as const)('%s', async (hanging, env, detail) => {
    await start(env)
    openai.behave({ hold: (kind) => (kind === hanging ? new Promise(() => {}) : undefined) })
    const { status, body } = await server.search(await jpeg(1))
    expect([status, body.code]).toEqual([500, 'provider_timeout'])
    expect(body.detail).toMatch(detail)
    await expect.poll(() => openai.dropped).toBe(1)
  })
})

describe('a provider that keeps failing', () => {
  const down = { status: 500, times: 999, retryAfter: 0 }

  async function failFiveTimes(): Promise<void> {
    openai.behave({ fail: { ...down } })
    for (let time = 0; time < 5; time++) {
      expect((await server.search(await jpeg(1))).body.detail).toMatch(/answered 500/)
    }
  }

  test('is not asked for a while, and then by one caller', async () => {
    await start()
    await server.search(await jpeg(7))
    await failFiveTimes()
    const asked = openai.chats.length
    const { status, headers, body } = await server.search(await jpeg(1))
    expect([status, body.code]).toEqual([503, 'provider_unavailable'])
    expect(body.detail).toMatch(/Nothing was sent|nothing was sent/)
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(20)
    expect(Number(headers.get('retry-after'))).toBeLessThanOrEqual(30)
    expect((await server.search(await jpeg(7))).body.cached).toBe(true)
    expect(openai.chats.length).toBe(asked)

    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 })
    openai.behave({})
    expect((await server.search(await jpeg(1))).status).toBe(200)
    expect((await server.search(await jpeg(2))).status).toBe(200)
  })

  test('is left alone again when the first call after the pause fails', async () => {
    await start()
    await failFiveTimes()
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 })
    expect((await server.search(await jpeg(1))).body.detail).toMatch(/answered 500/)
    const asked = openai.chats.length
    expect((await server.search(await jpeg(1))).body.detail).toMatch(/nothing was sent/)
    expect(openai.chats.length).toBe(asked)
  })

  test('is something else than one that refuses', async () => {
    await start()
    openai.behave({ fail: { status: 401, times: 999 } })
    for (let time = 0; time < 7; time++) await server.search(await jpeg(1))
    expect(openai.chats.length).toBe(7)
  })
})

describe('an answer that makes no sense is 502, and nothing is kept', () => {
  test.each([
    ['<html>', 'not JSON'],
    ['null', 'malformed'],
    ['{"choices":[]}', 'malformed'],
    ['{"choices":[{"message":{"content":7}}]}', 'malformed'],
  ])('from the vision model: %s', async (garbage, reason) => {
    await start()
    openai.behave({ garbage })
    const { status, body } = await server.search(await jpeg(1))
    expect([status, body.code]).toEqual([502, 'provider_rejected'])
    expect(body.detail).toContain(reason)
  })

  test.each([
    ['{"data":[]}', /0 vectors for 1 inputs/],
    ['{"data":[{"index":3,"embedding":[1]}]}', /vectors for 1 inputs/],
    ['{"data":[{"index":0,"embedding":"AAAA"}]}', /malformed/],
    ['{"data":[{"index":0,"embedding":[0,0,0,0]}]}', /all zeros/],
    ['{"data":[{"index":0,"embedding":[1,2]}]}', /set OPENAI_EMBEDDING_DIMENSIONS=2\b/],
  ])('from the embedding model: %s', async (garbage, reason) => {
    await start({ OPENAI_EMBEDDING_DIMENSIONS: '4' })
    openai.behave({ garbage })
    const { status, body } = await server.index(await jpeg(1), { description: 'A fox' })
    expect([status, body.code]).toEqual([502, 'provider_rejected'])
    expect(body.detail).toMatch(reason)
    expect(await server.services.deps.store.count()).toBe(0)
  })
})
