import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type Info, type ReindexPlan, type ReindexStatus } from '@lookalike/sdk'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startFakeOpenAi, type FakeOpenAi } from './fakes/openai.ts'
import { openAiSettings } from './support/openai-settings.ts'
import { jpeg } from './support/pictures.ts'
import { getHealth, getJson, sendJson, startServer, type TestServer } from './support/server.ts'

const small = {
  OPENAI_EMBEDDING_MODEL: 'text-embedding-3-small',
  OPENAI_EMBEDDING_DIMENSIONS: '512',
}
const oldId = 'openai:gpt-4o/text-embedding-3-large@1536'
const newId = 'openai:gpt-4o/text-embedding-3-small@512'

let openai: FakeOpenAi
let server: TestServer | undefined
let dataDir: string
beforeEach(async () => {
  openai = await startFakeOpenAi()
  dataDir = await mkdtemp(join(tmpdir(), 'lookalike-reindex-'))
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
  server = await startServer(openAiSettings(openai, { DATA_DIR: dataDir, ...env }))
  return server
}

const uri = (seed: number) => `http://example.org/${seed}`

async function fill({ index }: TestServer, count: number): Promise<void> {
  for (let seed = 0; seed < count; seed++) {
    const metadata = JSON.stringify({ seed })
    expect((await index(await jpeg(seed), { image_uri: uri(seed), metadata })).status).toBe(201)
  }
}

async function status(): Promise<ReindexStatus> {
  return (await getJson<ReindexStatus>(`${server!.url}/api/reindex`)).body
}

async function post(body: object = {}) {
  return sendJson<ReindexStatus>('POST', `${server!.url}/api/reindex`, body)
}

/** Starts a re-index and waits until it ends, in whatever way. */
async function reindex(body: object = {}): Promise<ReindexStatus> {
  expect((await post(body)).status).toBe(202)
  return ended()
}

async function ended(): Promise<ReindexStatus> {
  await vi.waitUntil(async () => (await status()).state !== 'running', { timeout: 20_000 })
  return status()
}

test('another embedding model: the old library answers, then only vectors are made anew', async () => {
  await fill(await start(), 8)
  const before = await server!.search(await jpeg(3))
  expect(openai.calls()).toEqual([8, 8])

  const { url, search } = await start(small)
  expect((await search(await jpeg(3))).body.results).toEqual(before.body.results.map(linksOf(url)))
  expect((await getJson<Info>(`${url}/api/info`)).body).toMatchObject({
    embedder: { id: oldId, dimensions: 1536 },
    embedder_in_settings: newId,
    images: 8,
  })
  const { body: health } = await getHealth(url)
  expect(health).toMatchObject({ status: 'degraded', checks: { embedder: { status: 'degraded' } } })
  expect(health.checks.embedder!.detail).toMatch(/lookalike reindex/)
  // A picture that nobody has seen is embedded by the model that made the library.
  expect((await search(await jpeg(20))).body.embedder).toBe(oldId)
  expect(openai.embeddings.at(-1)!.model).toBe('text-embedding-3-large')
  const asked = openai.calls()

  const plan = await sendJson<ReindexPlan>('POST', `${url}/api/reindex`, { dry_run: true })
  expect([plan.status, plan.body]).toMatchObject([
    200,
    { records: 8, describe: 0, embed: 8, nothing: 0, impossible: 0, basis: 'typical' },
  ])
  expect(plan.body.estimated_usd).toBeCloseTo((8 * 170 * 0.02) / 1e6, 9)
  expect((await status()).state).toBe('none')

  const done = await reindex()
  expect(done).toMatchObject({
    state: 'complete',
    from: oldId,
    to: newId,
    counts: { total: 8, done: 8, described: 0, embedded: 8, failed: 0 },
    report: { sampled: 8 },
  })
  expect(openai.chats).toHaveLength(asked[0]!)
  const texts = openai.embeddings.slice(asked[1]).flatMap(({ input }) => input)
  expect(new Set(texts).size).toBe(8)
  expect(texts).toHaveLength(8)

  const after = await search(await jpeg(3), { limit: '1' })
  expect(after.body).toMatchObject({ embedder: newId, results: [{ image_uri: uri(3) }] })
  expect(after.body.results[0]!.score).toBeCloseTo(1, 5)
  expect((await getHealth(url)).body.status).toBe('ok')

  const again = await start(small)
  expect((await getHealth(again.url)).body.checks.embedder).toBeUndefined()
  const { images } = await createClient({ baseUrl: again.url }).list()
  expect(images.map(({ image_uri, metadata }) => [image_uri, metadata])).toEqual(
    [7, 6, 5, 4, 3, 2, 1, 0].map((seed) => [uri(seed), { seed }]),
  )
  expect((await status()).state).toBe('complete')
  expect((await post()).status).toBe(400)
})

function linksOf(url: string) {
  return <Result extends { image_url: string | null; thumbnail_url: string | null }>(
    result: Result,
  ): Result => ({
    ...result,
    image_url: result.image_url!.replace(/^http:\/\/[^/]+/, url),
    thumbnail_url: result.thumbnail_url!.replace(/^http:\/\/[^/]+/, url),
  })
}
