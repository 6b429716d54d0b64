import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { imageUrlOf, startFakeOpenAi, type FakeOpenAi } from '../fakes/openai.ts'
import { openAiSettings } from '../support/openai-settings.ts'
import { jpeg, picture } from '../support/pictures.ts'
import { form, startServer, type TestServer } from '../support/server.ts'

describe('searching with OpenAI', () => {
  let openai: FakeOpenAi
  let server: TestServer
  beforeEach(async () => {
    openai = await startFakeOpenAi()
    server = await startServer(
      openAiSettings(openai, {
        OPENAI_TIMEOUT_MS: '1500',
      }),
    )
  })
  afterEach(async () => {
    expect(await server.uploads()).toEqual([])
    await server.stop()
    await openai.stop()
  })

  test('gpt-4o describes a bounded copy, text-embedding-3-large embeds the description', async () => {
    const large = await picture(1, 2000, 1500).jpeg().toBuffer()
    const { status, body } = await server.search(large)
    expect(status).toBe(200)
    expect([openai.chats.length, openai.embeddings.length]).toEqual([1, 1])
    const [chat] = openai.chats
    expect(chat!.model).toBe('gpt-4o')
    const [type, data] = imageUrlOf(chat!).split(',')
    expect(type).toBe('data:image/jpeg;base64')
    const sent = await sharp(Buffer.from(data!, 'base64')).metadata()
    expect([sent.width, sent.height]).toEqual([768, 576])
    expect(openai.embeddings[0]).toMatchObject({
      model: 'text-embedding-3-large',
      dimensions: 1536,
      input: [body.query_image],
    })
    expect(openai.keys[0]).toBe('Bearer sk-secret')
    expect([...openai.encodings]).toEqual(['identity'])
    expect(body.embedder).toBe('openai:gpt-4o/text-embedding-3-large@1536')
    expect(body.usage).toEqual({
      calls: 2,
      input_tokens: 812,
      output_tokens: 60,
      estimated_usd: expect.closeTo(0.0026016, 7),
    })
    expect(body.timings_ms).toMatchObject({
      describe: expect.any(Number),
      embed: expect.any(Number),
    })
  })

  test('an indexed picture is found again without asking any model', async () => {
    const indexed = await server.index(await jpeg(1), { image_uri: 'http://example.org/1' })
    expect(indexed.status).toBe(201)
    const { body } = await server.search(await jpeg(1))
    expect(body).toMatchObject({ cached: true, usage: { calls: 0 } })
    expect(body.results[0]).toMatchObject({ image_uri: 'http://example.org/1' })
    expect(body.results[0]!.score).toBeGreaterThan(0.9999)
    expect([openai.chats.length, openai.embeddings.length]).toEqual([1, 1])
  })

  test("the caller's own description is embedded, and no vision model asked", async () => {
    const { body } = await server.index(await jpeg(1), { description: 'A red fox in snow' })
    expect(body.description).toBe('A red fox in snow')
    expect([openai.chats.length, openai.embeddings[0]?.input]).toEqual([0, ['A red fox in snow']])
  })

  test('a provider that hangs is 500 provider_timeout within the configured time', async () => {
    openai.behave({ hang: true })
    const start = performance.now()
    const { status, body } = await server.search(await jpeg(1))
    expect([status, body.code]).toEqual([500, 'provider_timeout'])
    expect(body.detail).toContain('1.5 s')
    expect(performance.now() - start).toBeLessThan(4000)
  })

  test('a passing failure is tried again', async () => {
    openai.behave({ fail: { status: 503, times: 1, retryAfter: 0 } })
    expect((await server.search(await jpeg(1))).status).toBe(200)
    expect(openai.chats.length).toBe(2)
  })

  test.each([
    [401, 502, 'provider_rejected', /OPENAI_API_KEY/],
    [404, 502, 'provider_rejected', /OPENAI_VISION_MODEL/],
    [400, 502, 'provider_rejected', /refused/],
    [429, 503, 'provider_unavailable', /quota/],
    [500, 503, 'provider_unavailable', /problem of its own/],
  ])('status %i becomes %i %s', async (status, expected, code, reason) => {
    openai.behave({ fail: { status, times: 99, retryAfter: 0, message: 'bad key sk-secret' } })
    const { status: answered, body } = await server.search(await jpeg(1))
    expect([answered, body.code]).toEqual([expected, code])
    expect(body.detail).toMatch(reason)
    expect(JSON.stringify(body)).not.toContain('sk-secret')
  })

  test.each([
    ['a refusal', { describe: () => ({ content: null, refusal: 'I cannot help' }) }, /declined/],
    ['an empty description', { describe: () => ({ content: '  ' }) }, /empty/],
    ['vectors of another length', { dimensions: 3072 }, /3072 numbers instead of 1536/],
    ['an answer that is no answer', { garbage: '{}' }, /no usable answer/],
  ])('%s is 502, and nothing is stored', async (_name, behaviour, reason) => {
    openai.behave(behaviour)
    const { status, body } = await server.index(await jpeg(1))
    expect([status, body.code]).toEqual([502, 'provider_rejected'])
    expect(body.detail).toMatch(reason)
    expect(await server.services.deps.store.count()).toBe(0)
  })

  test('an unreachable provider is 503', async () => {
    await openai.stop()
    const { status, body } = await server.search(await jpeg(1))
    expect([status, body.code]).toEqual([503, 'provider_unavailable'])
    openai = await startFakeOpenAi()
  })

  test('when the caller leaves, so does the call to the provider', async () => {
    openai.behave({ hang: true })
    const controller = new AbortController()
    const call = fetch(`${server.url}/api/images/search-similar`, {
      method: 'POST',
      body: form(await jpeg(1)),
      signal: controller.signal,
    })
    await expect.poll(() => openai.chats.length).toBe(1)
    controller.abort()
    await expect(call).rejects.toThrow()
    await expect.poll(() => openai.dropped, { timeout: 1000 }).toBe(1)
    await expect.poll(() => server.uploads()).toEqual([])
  })

  test('requests are checked against the official description', ({ skip }) => {
    skip(!openai.validates, '../shared/contracts is absent')
    expect(openai.validates).toBe(true)
  })
})
