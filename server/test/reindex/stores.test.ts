import { DatabaseSync } from 'node:sqlite'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@lookalike/sdk'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { startFakeOpenAi, type FakeOpenAi } from '../fakes/openai.ts'
import { FakeQdrant } from '../fakes/qdrant.ts'
import { openAiSettings } from '../support/openai-settings.ts'
import { jpeg } from '../support/pictures.ts'
import { fill, recordsAt, patiently, reindex, uri } from '../support/reindexing.ts'
import { startProcess } from '../support/process.ts'
import { getHealth, sendJson, startServer, type TestServer } from '../support/server.ts'

let openai: FakeOpenAi
let qdrant: FakeQdrant
let server: TestServer | undefined
let dataDir: string
beforeEach(async () => {
  openai = await startFakeOpenAi()
  qdrant = await new FakeQdrant().start()
  dataDir = await mkdtemp(join(tmpdir(), 'lookalike-reindex-'))
})
afterEach(async () => {
  await server?.stop()
  server = undefined
  await openai.stop()
  await qdrant.stop()
  expect(qdrant.violations).toEqual([])
  await rm(dataDir, { recursive: true, force: true })
})

const picture = (seed: number) => jpeg(seed, 64, 48)

describe.each(['embedded', 'qdrant'])('in the %s store', (store) => {
  async function start(env: Record<string, string>): Promise<TestServer> {
    await server?.stop()
    const place: Record<string, string> = store === 'qdrant' ? { QDRANT_URL: qdrant.url } : {}
    server = await startServer({ DATA_DIR: dataDir, GRAPH: 'none', ...place, ...env })
    return server
  }
  const visual = () => start({})
  const semantic = () => start(openAiSettings(openai))

  test('from measured to described and back, with vectors of another length', async () => {
    await fill((await visual()).url, 3)
    const measured = await recordsAt(server!.url)
    const { url, search } = await semantic()
    expect((await search(await picture(2), { limit: '1' })).body).toMatchObject({
      embedder: expect.stringMatching(/^visual:/),
      results: [{ image_uri: uri(2) }],
    })
    expect(openai.calls()).toEqual([0, 0])
    expect(await reindex(url)).toMatchObject({
      state: 'complete',
      counts: { done: 3, described: 3, embedded: 3 },
    })
    expect(openai.chats).toHaveLength(3)
    const described = await recordsAt(url)
    expect(described.size).toBe(3)
    expect(described.get(uri(2))!.description).toMatch(/^A picture of [0-9a-f]+\.$/)
    expect(described.get(uri(2))!.indexed_at).toBe(measured.get(uri(2))!.indexed_at)
    await expectFound()
    expect(openai.chats).toHaveLength(3)

    await visual()
    expect(await reindex(server!.url)).toMatchObject({
      state: 'complete',
      counts: { done: 3, described: 0, embedded: 3 },
    })
    expect((await getHealth(server!.url)).body.status).toBe('ok')
    await expectFound()
    // Words that a model was paid for are kept: nothing measured is as good.
    expect((await recordsAt(server!.url)).get(uri(2))!.description).toMatch(/^A picture of/)
  })

  async function expectFound(): Promise<void> {
    for (const seed of [0, 2]) {
      const { body } = await server!.search(await picture(seed), { limit: '1' })
      expect(body.results).toMatchObject([{ image_uri: uri(seed) }])
      expect(body.results[0]!.score).toBeCloseTo(1, 5)
    }
  }
})

describe('a job', () => {
  const otherVision = { OPENAI_VISION_MODEL: 'other-vision' }

  /** Over a library that was made with another vision model. */
  async function startAfterFilling(count: number): Promise<TestServer> {
    server = await startServer(openAiSettings(openai, { DATA_DIR: dataDir }))
    await fill(server.url, count)
    await server.stop()
    server = await startServer(openAiSettings(openai, { DATA_DIR: dataDir, ...otherVision }))
    return server
  }

  test('the knowledge graph says what the new library says', async () => {
    const { url } = await startAfterFilling(2)
    openai.behave({ describe: () => ({ content: 'Described anew.' }) })
    await reindex(url)
    const query = `SELECT ?text ?by { <${uri(1)}> <https://schema.org/description> ?text ;
      <urn:lookalike:term:embedding>/<http://www.w3.org/ns/prov#wasAttributedTo>/<https://schema.org/name> ?by }`
    await vi.waitFor(async () => {
      const { results } = await createClient({ baseUrl: url }).ask(query)
      expect(results!.bindings).toMatchObject([
        {
          text: { value: 'Described anew.' },
          by: { value: expect.stringMatching(/^openai:other-vision/) },
        },
      ])
    }, patiently)
  })

  test('killed in the middle, it goes on without asking again for what was answered', async () => {
    const [count, answered] = [14, 8]
    await startAfterFilling(count)
    await server!.stop()
    server = undefined
    const env = openAiSettings(openai, { DATA_DIR: dataDir, ...otherVision })
    const before = openai.chats.length
    let asked = 0
    openai.behave({
      hold: (kind) => (kind === 'chat' && ++asked > answered ? new Promise(() => {}) : undefined),
    })
    const first = await startProcess(env, dataDir)
    await fetch(`${first.url}/api/reindex`, { method: 'POST' })
    // An answer that is on its way when the process dies is lost; those that arrived are not.
    const remembered = () => descriptionsIn(join(dataDir, 'state.db')) >= count + answered
    await vi.waitUntil(() => asked > answered + 2 && remembered(), { timeout: 20_000 })
    await first.kill('SIGKILL')
    const lost = openai.chats.length - before - answered
    openai.behave({})

    const second = await startProcess(env, dataDir)
    try {
      const client = createClient({ baseUrl: second.url! })
      expect(await client.reindexStatus()).toMatchObject({
        state: 'stopped',
        previous_embedder: expect.stringMatching(/^openai:gpt-4o/),
      })
      expect(await reindex(second.url!)).toMatchObject({
        state: 'complete',
        counts: { done: count },
      })
      expect((await recordsAt(second.url!)).size).toBe(count)
    } finally {
      await second.kill('SIGTERM')
    }
    expect(openai.chats).toHaveLength(before + count + lost)
  })
})

test('in Qdrant an alias leads to the new collection, and the previous one stays as it was', async () => {
  const small = { OPENAI_EMBEDDING_MODEL: 'small', OPENAI_EMBEDDING_DIMENSIONS: '64' }
  const start = async (env: Record<string, string>) => {
    await server?.stop()
    const settings = { DATA_DIR: dataDir, QDRANT_URL: qdrant.url, ...env }
    server = await startServer(openAiSettings(openai, settings))
    return server
  }
  await fill((await start({})).url, 3)
  const previous = JSON.stringify([...qdrant.engine.collection('images').points])
  const done = await reindex((await start(small)).url)
  expect(done.previous_library).toBe('the Qdrant collection "images"')
  const [[alias, name] = []] = [...qdrant.engine.aliases]
  expect([alias, name]).toEqual(['images-in-use', expect.stringMatching(/^images-[0-9a-f]{8}$/)])
  expect(JSON.stringify([...qdrant.engine.collection('images').points])).toBe(previous)

  // The previous one is not needed any more, and pictures go where the alias leads.
  qdrant.engine.drop('images')
  const { index, url } = await start(small)
  expect((await index(await picture(9), { image_uri: uri(9) })).status).toBe(201)
  expect((await recordsAt(url)).size).toBe(4)
  expect(qdrant.engine.collection(name!).points.size).toBe(4)
  expect([...qdrant.engine.collections.keys()]).toEqual([name])
})

test("another program's collection is re-embedded beside itself, its numbered points too", async () => {
  const settings = openAiSettings(openai, { DATA_DIR: dataDir, QDRANT_URL: qdrant.url })
  qdrant.engine.create('images', { vectors: { size: 1536, distance: 'Cosine' } })
  const vector = Array.from({ length: 1536 }, (_, at) => at % 7)
  const payload = { image_uri: 'gs://zoo/fox.jpg', description: 'A red fox.', type: 'photo' }
  const points = [
    { id: 7, vector, payload },
    { id: 8, vector, payload: { description: 'An owl, nameless.' } },
  ]
  qdrant.engine.collection('images').upsert({ points })
  const theirs = JSON.stringify([...qdrant.engine.collection('images').points])
  server = await startServer(settings)
  expect(await reindex(server.url, { describe_again: true })).toMatchObject({
    state: 'complete',
    counts: { done: 2, embedded: 2, from_description: 2 },
  })
  expect(JSON.stringify([...qdrant.engine.collection('images').points])).toBe(theirs)
  const query = { query: 'A red fox.', limit: 1 }
  const found = await sendJson('POST', `${server.url}/api/images/search-text`, query)
  expect(found.body).toMatchObject({
    results: [{ id: '7', image_uri: 'gs://zoo/fox.jpg', metadata: { type: 'photo' } }],
  })
})

/** How many descriptions a running server has kept. */
function descriptionsIn(stateFile: string): number {
  const database = new DatabaseSync(stateFile, { readOnly: true })
  try {
    const kept = database.prepare(
      "SELECT count(*) AS n FROM remembered WHERE key LIKE 'description:%'",
    )
    return Number(kept.get()!['n'])
  } finally {
    database.close()
  }
}
