import { existsSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImageRecord, Info, ReindexPlan, ReindexStatus, SearchResponse } from '@lookalike/sdk'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { startFakeOpenAi, type FakeOpenAi } from '../fakes/openai.ts'
import { openAiSettings } from '../support/openai-settings.ts'
import { jpeg } from '../support/pictures.ts'
import {
  ended,
  fill,
  patiently,
  postReindex,
  recordsAt,
  reindex,
  statusAt,
  uri,
} from '../support/reindexing.ts'
import {
  getHealth,
  getJson,
  postForm,
  sendJson,
  startServer,
  type TestServer,
} from '../support/server.ts'

const smallModel = 'text-embedding-3-small'
const small = { OPENAI_EMBEDDING_MODEL: smallModel, OPENAI_EMBEDDING_DIMENSIONS: '512' }
const oldId = 'openai:gpt-4o/text-embedding-3-large@1536'
const newId = 'openai:gpt-4o/text-embedding-3-small@512'

const count = 12

let openai: FakeOpenAi
let server: TestServer | undefined
let dataDir: string

/** A data folder as the large model's server left it, with as many pictures as that. */
let made: string
beforeAll(async () => {
  dataDir = made = await mkdtemp(join(tmpdir(), 'lookalike-reindex-'))
  openai = await startFakeOpenAi()
  await fill((await start()).url, count)
  await server!.stop()
  server = undefined
  await openai.stop()
})
afterAll(() => rm(made, { recursive: true, force: true }))

beforeEach(async () => {
  openai = await startFakeOpenAi()
  dataDir = await mkdtemp(join(tmpdir(), 'lookalike-reindex-'))
  await cp(made, dataDir, { recursive: true })
})
afterEach(async () => {
  await server?.stop()
  server = undefined
  await openai.stop()
  await rm(dataDir, { recursive: true, force: true })
})

/** Starts the server, anew if it runs, on the same folder. */
async function start(env: Record<string, string> = {}): Promise<TestServer> {
  await server?.stop()
  server = await startServer(openAiSettings(openai, { DATA_DIR: dataDir, GRAPH: 'none', ...env }))
  return server
}

const picture = (seed: number) => jpeg(seed, 64, 48)

/** The texts that the new model was asked to embed. */
function textsOfNewModel(): string[] {
  const calls = openai.embeddings.filter(({ model }) => model === smallModel)
  return calls.flatMap(({ input }) => input)
}

/** Calls of the new model wait, until this is called. */
function holdNewModel(): () => void {
  const gate = Promise.withResolvers<void>()
  const isNew = () => openai.embeddings.at(-1)?.model === smallModel
  openai.behave({ hold: (kind) => (kind === 'embedding' && isNew() ? gate.promise : undefined) })
  return () => {
    openai.behave({})
    gate.resolve()
  }
}

describe('another embedding model', () => {
  test('until the re-index, the library goes on with the one that made it, and says so', async () => {
    const before = await (await start()).search(await picture(3))
    const { url, search } = await start(small)
    const after = await search(await picture(3))
    const scores = ({ results }: typeof before.body) =>
      results.map(({ id, score, description }) => ({ id, score, description }))
    expect(scores(after.body)).toEqual(scores(before.body))
    // A picture that nobody has seen is embedded by the model that made the library.
    expect((await search(await picture(20))).body.embedder).toBe(oldId)
    expect(textsOfNewModel()).toEqual([])
    expect((await getJson<Info>(`${url}/api/info`)).body).toMatchObject({
      embedder: { id: oldId, dimensions: 1536 },
      target_embedder: newId,
      images: count,
    })
    const { status, body } = await getHealth(url)
    expect([status, body]).toMatchObject([200, { status: 'degraded', checks: { embedder: {} } }])
    expect(body.checks.embedder!.detail).toMatch(/lookalike reindex/)
    expect(await statusAt(url)).toMatchObject({
      state: 'none',
      previous_embedder: oldId,
      target_embedder: newId,
    })
  })

  test('embeds the descriptions that are there, and nothing twice', async () => {
    const { url, search } = await start(small)
    const before = await recordsAt(url)
    const plan = await sendJson<ReindexPlan>('POST', `${url}/api/reindex`, { dry_run: true })
    expect([plan.status, plan.body]).toMatchObject([
      200,
      { records: count, describe: 0, embed: count, cached: 0, missing_source: 0, basis: 'typical' },
    ])
    expect(plan.body.estimated_usd).toBeCloseTo((count * 170 * 0.02) / 1e6, 9)
    expect(textsOfNewModel()).toEqual([])

    expect(await reindex(url)).toMatchObject({
      state: 'complete',
      previous_embedder: oldId,
      target_embedder: newId,
      counts: { total: count, done: count, cached: 0, described: 0, embedded: count, failed: 0 },
      neighbour_overlap: { sampled: count },
      previous_library: null,
    })
    expect(openai.chats).toHaveLength(0)
    expect(textsOfNewModel()).toHaveLength(count)
    expect(new Set(textsOfNewModel()).size).toBe(count)
    const found = await search(await picture(3), { limit: '1' })
    expect(found.body).toMatchObject({ embedder: newId, results: [{ image_uri: uri(3) }] })
    expect(found.body.results[0]!.score).toBeCloseTo(1, 5)
    await search(await picture(30))
    expect(openai.embeddings.at(-1)!.model).toBe(smallModel)

    // After a restart it is as if the library had always been its own.
    const again = await start(small)
    const health = (await getHealth(again.url)).body
    expect([health.status, health.checks.embedder.status]).toEqual(['ok', 'ok'])
    const after = await recordsAt(again.url)
    expect([...after.keys()], 'in the same order').toEqual([...before.keys()])
    for (const [key, record] of after) {
      const { image_url: _image, thumbnail_url: _thumbnail, ...facts } = before.get(key)!
      expect(record).toMatchObject({ ...facts, embedder: newId })
    }
    expect(existsSync(join(dataDir, 'next'))).toBe(false)
    expect((await statusAt(again.url)).state).toBe('complete')
    const refused = await postReindex(again.url)
    expect([refused.status, refused.body.code]).toEqual([422, 'unsupported'])
  })

  test('what is remembered costs nothing: there and back again', async () => {
    await reindex((await start(small)).url)
    const asked = openai.calls()
    const { url } = await start()
    const plan = await sendJson<ReindexPlan>('POST', `${url}/api/reindex`, { dry_run: true })
    expect(plan.body).toMatchObject({ describe: 0, embed: 0, cached: count, estimated_usd: 0 })
    expect(await reindex(url)).toMatchObject({ state: 'complete', counts: { cached: count } })
    expect(openai.calls()).toEqual(asked)
  })
})

test('another way of describing is asked for, for all that it has not described yet', async () => {
  const { url, search } = await start({ OPENAI_IMAGE_DETAIL: 'low' })
  expect((await postReindex(url)).status).toBe(422)
  const anew = (image: string) => ({
    content: `Anew: ${image.length} and ${image.slice(-60, -20)}`,
  })
  openai.behave({ describe: anew })
  // Somebody took a picture out, and looked for it: it alone is described in this way already.
  const { id } = (await recordsAt(url)).get(uri(3))!
  await fetch(`${url}/api/images/${id}`, { method: 'DELETE' })
  await search(await picture(3))
  await postForm(`${url}/api/images/index`, await picture(3), { image_uri: uri(3) })
  const asked = openai.chats.length
  const again = { describe_again: true }
  const described = { described: count - 1, cached: 1 }
  expect(await reindex(url, again)).toMatchObject({ state: 'complete', counts: described })
  expect(openai.chats).toHaveLength(asked + count - 1)
  for (const { description } of (await recordsAt(url)).values())
    expect(description).toMatch(/^Anew/)
  expect(await reindex(url, again)).toMatchObject({ counts: { described: 0, cached: count } })
  expect(openai.chats).toHaveLength(asked + count - 1)
})

test('writes during the job are in the new library', async () => {
  const { url, index } = await start(small)
  const release = holdNewModel()
  expect((await postReindex(url)).body.state).toBe('running')
  await vi.waitUntil(() => textsOfNewModel().length > 0, patiently)

  const idOf = async (seed: number) => (await recordsAt(url)).get(uri(seed))!.id
  const patch = await sendJson('PATCH', `${url}/api/images/${await idOf(1)}`, {
    metadata: { a: 1 },
  })
  expect(patch.status).toBe(200)
  await fetch(`${url}/api/images/${await idOf(2)}`, { method: 'DELETE' })
  expect((await index(await picture(40), { image_uri: uri(3) })).status).toBe(200)
  expect((await index(await picture(50), { image_uri: uri(50) })).status).toBe(201)
  const expected = await recordsAt(url)
  expect((await statusAt(url)).state).toBe('running')
  release()

  expect(await ended(url)).toMatchObject({
    state: 'complete',
    counts: { total: count, done: count },
  })
  const after = await recordsAt(url)
  expect([...after.keys()].toSorted()).toEqual([...expected.keys()].toSorted())
  for (const [key, record] of after) {
    expect(record).toEqual({ ...expected.get(key), embedder: newId })
  }
  expect(after.get(uri(1))!.metadata).toEqual({ a: 1 })
  for (const seed of [40, 50]) {
    const { body } = await server!.search(await picture(seed), { limit: '1' })
    expect(body.results[0]!.score).toBeCloseTo(1, 5)
  }
})

test('stopped, it keeps what it has; it goes on when it is started again', async () => {
  const { url } = await start(small)
  const release = holdNewModel()
  await postReindex(url)
  await vi.waitUntil(() => textsOfNewModel().length > 0, patiently)
  const stopped = await getJson<ReindexStatus>(`${url}/api/reindex`, { method: 'DELETE' })
  expect(stopped.body).toMatchObject({ state: 'stopped', records_per_second: null })
  expect(stopped.body.reason).toMatch(/start.* again/i)
  release()
  expect((await getHealth(url)).body.status).toBe('degraded')
  expect(await reindex(url)).toMatchObject({ state: 'complete', counts: { done: count } })
})

test('a budget stops it with the reason, and a larger one lets it go on without paying again', async () => {
  // A dollar for the twelve tokens of a text; two calls are under way when the money is gone.
  const prices = { [smallModel]: { input: 1e6 / 12 } }
  const money = { OPENAI_PRICES: JSON.stringify(prices), OPENAI_MONTHLY_BUDGET_USD: '0.5' }
  const first = await reindex((await start({ ...small, ...money })).url)
  expect(first).toMatchObject({ state: 'stopped', counts: { total: count, done: 2, failed: 0 } })
  expect(first.reason).toMatch(/OPENAI_MONTHLY_BUDGET_USD/)
  expect((await server!.search(await picture(3))).body.embedder).toBe(oldId)

  const { url } = await start({ ...small, ...money, OPENAI_MONTHLY_BUDGET_USD: '100' })
  expect(await statusAt(url)).toMatchObject({ state: 'stopped', counts: { done: 2 } })
  expect(await reindex(url)).toMatchObject({
    state: 'complete',
    counts: { done: count, embedded: count, cached: 0 },
  })
  expect(textsOfNewModel().toSorted()).toEqual([...new Set(textsOfNewModel())].toSorted())
})

test('a record that cannot be re-embedded blocks the switch, until it is left out', async () => {
  const { url } = await start(small)
  const { description, id } = (await recordsAt(url)).get(uri(5))!
  openai.behave({ refuseText: description })
  const failed = await reindex(url)
  expect(failed).toMatchObject({
    state: 'failed',
    counts: { total: count, done: count - 1, failed: 1 },
    failures: [{ id, image_uri: uri(5), reason: expect.stringMatching(/refused the request/) }],
    reason: expect.stringMatching(/^1 record cannot be re-embedded.*drop_failed/),
  })
  expect((await recordsAt(url)).size).toBe(count)
  expect((await getHealth(url)).body.status).toBe('degraded')

  const asked = textsOfNewModel().length
  const done = await reindex(url, { drop_failed: true })
  expect(done).toMatchObject({ state: 'complete', counts: { done: count - 1, failed: 1 } })
  expect(textsOfNewModel()).toHaveLength(asked + 1)
  expect([...(await recordsAt(url)).keys()]).not.toContain(uri(5))
  expect((await fetch(`${url}/api/images/${id}/file`)).status).toBe(404)
})

test('a key that is refused for everything ends it early', async () => {
  const { url } = await start(small)
  openai.behave({ fail: { status: 401, times: 1000, message: 'bad key' } })
  const stopped = await reindex(url)
  expect(stopped).toMatchObject({ state: 'stopped', counts: { done: 0 } })
  expect(stopped.reason).toMatch(/OPENAI_API_KEY/)
  expect(openai.embeddings.filter(({ model }) => model === smallModel).length).toBeLessThan(40)
})

test('nobody who searches or writes notices the moment of the switch', async () => {
  const { url, search } = await start(small)
  const ids = [...(await recordsAt(url)).values()].map(({ id }) => id)
  const seen = new Set<string>()
  let over = false
  const searching = async (seed: number) => {
    while (!over) {
      const { status, body } = await search(await picture(seed), { limit: '1' })
      expect([status, body.results?.[0]?.image_uri]).toEqual([200, uri(seed)])
      expect(body.results[0]!.score).toBeCloseTo(1, 4)
      seen.add(body.embedder)
    }
  }
  const lookingAround = async (id: string) => {
    while (!over) {
      const { status, body } = await getJson<SearchResponse>(`${url}/api/images/${id}/similar`)
      expect([status, body.total_found]).toEqual([200, 10])
    }
  }
  let version = 0
  const writing = async (id: string) => {
    while (!over) {
      const metadata = { version: ++version }
      const { status } = await sendJson('PATCH', `${url}/api/images/${id}`, { metadata })
      expect(status).toBe(200)
    }
  }
  const others = Promise.all([searching(1), searching(2), lookingAround(ids[3]!), writing(ids[4]!)])
  await vi.waitUntil(() => seen.has(oldId), patiently)
  expect(await reindex(url)).toMatchObject({ state: 'complete', counts: { done: count } })
  await vi.waitUntil(() => seen.has(newId), patiently)
  over = true
  await others
  expect(seen).toEqual(new Set([oldId, newId]))
  const { body } = await getJson<ImageRecord>(`${url}/api/images/${ids[4]}`)
  expect(body.metadata).toEqual({ version })
})
