import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@lookalike/sdk'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startFakeOpenAi, type FakeOpenAi } from '../fakes/openai.ts'
import { openAiSettings } from '../support/openai-settings.ts'
import { jpeg, picture } from '../support/pictures.ts'
import { startServer, type TestServer } from '../support/server.ts'

const nothing = { calls: 0, input_tokens: 0, output_tokens: 0, estimated_usd: 0 }

let openai: FakeOpenAi
let server: TestServer | undefined
let dataDir: string
beforeEach(async () => {
  openai = await startFakeOpenAi()
  dataDir = await mkdtemp(join(tmpdir(), 'lookalike-memory-'))
})
afterEach(async () => {
  await stop()
  await openai.stop()
  await rm(dataDir, { recursive: true, force: true })
})

async function stop(): Promise<void> {
  await server?.stop()
  server = undefined
}

/** Starts the server, anew if it runs, on the same folder. */
async function start(env: Record<string, string> = {}): Promise<TestServer> {
  await stop()
  server = await startServer(openAiSettings(openai, { DATA_DIR: dataDir, ...env }))
  return server
}

describe('what a model answered once is not asked again', () => {
  test('a first search asks both models, the same again neither, nor after a restart', async () => {
    const { search } = await start()
    const first = await search(await jpeg(1))
    expect(openai.calls()).toEqual([1, 1])
    expect(first.body.cached).toBe(false)
    for (const again of [
      await search(await jpeg(1)),
      await (await start()).search(await jpeg(1)),
    ]) {
      expect(again.body).toMatchObject({ cached: true, usage: nothing })
      expect(again.body.query_image).toEqual(first.body.query_image)
      expect(again.body.query).toEqual(first.body.query)
      expect(again.body.timings_ms).not.toHaveProperty('decode')
    }
    expect(openai.calls()).toEqual([1, 1])
  })

  test('another file with the same pixels is the same picture', async () => {
    const { search } = await start()
    await search(await picture(1).png().toBuffer())
    const { body } = await search(await picture(1).webp({ lossless: true }).toBuffer())
    expect(body).toMatchObject({ cached: true, query: { format: 'webp' } })
    expect(openai.calls()).toEqual([1, 1])
    await search(await jpeg(2))
    expect(openai.calls()).toEqual([2, 2])
  })

  test('indexed then searched, searched then indexed, deleted then searched', async () => {
    const { index, search, url } = await start()
    const { body: record } = await index(await jpeg(1))
    expect(record).toMatchObject({ cached: false, usage: { calls: 2 } })
    expect(record.timings_ms).toMatchObject({ describe: expect.any(Number) })
    expect((await search(await jpeg(1))).body.cached).toBe(true)
    await search(await jpeg(2))
    expect((await index(await jpeg(2))).body).toMatchObject({ cached: true, usage: nothing })
    expect((await index(await jpeg(2))).body).toMatchObject({ cached: true, usage: nothing })
    await fetch(`${url}/api/images/${record.id}`, { method: 'DELETE' })
    expect((await search(await jpeg(1))).body).toMatchObject({ cached: true, usage: nothing })
    expect(openai.calls()).toEqual([2, 2])
  })

  test('another embedding model embeds the description that is there', async () => {
    const { body: first } = await (await start()).search(await jpeg(1))
    await forgetLibrary()
    const { search } = await start({
      OPENAI_EMBEDDING_MODEL: 'text-embedding-3-small',
      OPENAI_EMBEDDING_DIMENSIONS: '512',
    })
    const { body } = await search(await jpeg(1))
    expect(openai.calls()).toEqual([1, 2])
    expect(body).toMatchObject({ cached: false, usage: { calls: 1 } })
    expect(body.query_image).toBe(first.query_image)
    expect(openai.embeddings[1]).toMatchObject({ model: 'text-embedding-3-small', dimensions: 512 })
  })

  test('another way of describing asks the vision model, and embeds only new words', async () => {
    await (await start()).search(await jpeg(1))
    // The fake describes by the bytes it is sent, and those stay the same.
    await (await start({ OPENAI_IMAGE_DETAIL: 'low' })).search(await jpeg(1))
    expect(openai.calls()).toEqual([2, 1])
  })

  test('a failure is not remembered', async () => {
    const { search } = await start()
    openai.behave({ describe: () => ({ content: null, refusal: 'no' }) })
    expect((await search(await jpeg(1))).status).toBe(502)
    openai.behave({ garbage: '{"data":[]}' })
    expect((await search(await jpeg(1))).status).toBe(502)
    openai.behave({})
    expect((await search(await jpeg(1))).status).toBe(200)
    expect(openai.calls()).toEqual([3, 1])
  })

  test('room is bounded, and what was used last stays', async () => {
    // A vector of 1536 numbers takes 6144 bytes: room for three pictures.
    const { search } = await start({ EMBEDDING_CACHE_MB: '0.02' })
    for (const seed of [1, 2, 3, 1, 4, 1]) await search(await jpeg(seed))
    expect(openai.calls()).toEqual([4, 4])
    await search(await jpeg(2))
    expect(openai.calls()).toEqual([5, 5])
  })

  async function forgetLibrary(): Promise<void> {
    await stop()
    for (const name of ['library.db', 'library.db-wal', 'library.db-shm', 'vectors']) {
      await rm(join(dataDir, name), { recursive: true, force: true })
    }
  }
})

describe('simultaneous requests for one picture', () => {
  /** Searches, and says when the stage has begun. */
  function searchFor(bytes: Buffer, stage: string, signal?: AbortSignal) {
    const begun = Promise.withResolvers<void>()
    const answer = createClient({ baseUrl: server!.url }).searchSimilar(
      new Blob([new Uint8Array(bytes)]),
      {
        onStage: (event) => event.stage === stage && begun.resolve(),
        ...(signal ? { signal } : {}),
      },
    )
    answer.catch(() => {})
    return { begun: begun.promise, answer }
  }

  function holdUntilReleased() {
    const held = Promise.withResolvers<void>()
    openai.behave({ hold: () => held.promise })
    return held.resolve
  }

  test('share one call to each model', async () => {
    await start()
    const release = holdUntilReleased()
    const two = [searchFor(await jpeg(1), 'describe'), searchFor(await jpeg(1), 'describe')]
    await Promise.all(two.map(({ begun }) => begun))
    release()
    const [one, other] = await Promise.all(two.map(({ answer }) => answer))
    expect(openai.calls()).toEqual([1, 1])
    expect(one!.query_image).toEqual(other!.query_image)
    expect(one!.query).toEqual(other!.query)
    expect(one!.usage.calls + other!.usage.calls).toBe(2)
  })

  test('one leaving disturbs nobody; the last one leaving cancels the call', async () => {
    await start()
    holdUntilReleased()
    const leavers = [new AbortController(), new AbortController()]
    const bytes = await jpeg(1)
    const two = leavers.map(({ signal }) => searchFor(bytes, 'describe', signal))
    await Promise.all(two.map(({ begun }) => begun))
    await expect.poll(() => openai.calls()).toEqual([1, 0])
    leavers[0]!.abort()
    await expect(two[0]!.answer).rejects.toThrow()
    // The server hears of one leaving before it answers the next request on another connection.
    await fetch(`${server!.url}/livez`)
    expect(openai.dropped).toBe(0)
    leavers[1]!.abort()
    await expect.poll(() => openai.dropped).toBe(1)
    openai.behave({})
    expect((await server!.search(bytes)).status).toBe(200)
    expect(openai.calls()).toEqual([2, 1])
  })

  test('no more than the allowed calls are under way', async () => {
    await start({ OPENAI_MAX_CONCURRENCY: '2' })
    const release = holdUntilReleased()
    const five = await Promise.all(
      [1, 2, 3, 4, 5].map(async (seed) => searchFor(await jpeg(seed), 'describe')),
    )
    await Promise.all(five.map(({ begun }) => begun))
    await expect.poll(() => openai.calls()).toEqual([2, 0])
    await fetch(`${server!.url}/livez`)
    expect(openai.calls()).toEqual([2, 0])
    release()
    await Promise.all(five.map(({ answer }) => answer))
    expect(openai.chats.length).toBe(5)
  })

  test('texts that wait for the embedding model travel together, and one it refuses fails alone', async () => {
    await start({ OPENAI_MAX_CONCURRENCY: '20' })
    const held = Promise.withResolvers<void>()
    let described = 0
    openai.behave({
      describe: () => ({ content: `Picture number ${++described}.` }),
      hold: (kind) => (kind === 'embedding' ? held.promise : undefined),
      refuseText: 'Picture number 7.',
    })
    const searches = await Promise.all(
      Array.from({ length: 10 }, async (_, seed) => searchFor(await jpeg(seed), 'embed')),
    )
    await Promise.all(searches.map(({ begun }) => begun))
    held.resolve()
    const outcomes = await Promise.allSettled(searches.map(({ answer }) => answer))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(9)
    const sizes = openai.embeddings.map(({ input }) => [input].flat().length)
    // Two went at once, the rest waited together; after the refusal each went alone.
    expect(sizes.slice(0, 3)).toEqual([1, 1, 8])
    expect(sizes.length).toBe(3 + 8)
  })
})
