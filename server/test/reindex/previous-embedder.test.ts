import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ReindexPlan, SearchResponse } from '@lookalike/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { previousModels } from '../../src/embedders/openai/previous-models.ts'
import { recordId } from '../../src/records/record-id.ts'
import { openEmbeddedStore } from '../../src/stores/embedded/store.ts'
import { unitVector } from '../../src/records/vectors.ts'
import { startFakeOpenAi, type FakeOpenAi } from '../fakes/openai.ts'
import { openAiSettings } from '../support/openai-settings.ts'
import { jpeg } from '../support/pictures.ts'
import { fill, recordsAt, reindex, uri } from '../support/reindexing.ts'
import { getHealth, getJson, sendJson, startServer, type TestServer } from '../support/server.ts'

let openai: FakeOpenAi
let server: TestServer | undefined
let dataDir: string
beforeEach(async () => {
  openai = await startFakeOpenAi()
  dataDir = await mkdtemp(join(tmpdir(), 'lookalike-previous-'))
})
afterEach(async () => {
  await server?.stop()
  server = undefined
  await openai.stop()
  await rm(dataDir, { recursive: true, force: true })
})

async function start(env: Record<string, string> = {}): Promise<TestServer> {
  await server?.stop()
  server = await startServer({ DATA_DIR: dataDir, GRAPH: 'none', ...env })
  return server
}

/** A library whose embedder is no longer to be had, of records that came without files. */
async function leaveOldLibrary(descriptions: string[]): Promise<void> {
  const library = { embedderId: 'visual:1@8', dimensions: 8 }
  const store = await openEmbeddedStore(dataDir, library)
  await store.upsert(
    descriptions.map((description, seed) => ({
      id: recordId(uri(seed)),
      imageUri: uri(seed),
      description,
      metadata: { seed },
      file: null,
      embedderId: library.embedderId,
      indexedAt: '2026-01-02T03:04:05.678Z',
      vector: unitVector(Float32Array.from({ length: 8 }, (_, axis) => axis + seed * seed)),
    })),
  )
  await store.close()
}

test('a library of an embedder that cannot be had is shown, and asks to be re-embedded', async () => {
  await leaveOldLibrary(['A fox.', 'An owl.'])
  const { url, search, index } = await start(openAiSettings(openai))
  expect((await recordsAt(url)).size).toBe(2)
  const similar = await getJson(`${url}/api/images/${recordId(uri(0))}/similar`)
  expect(similar.body).toMatchObject({ total_found: 1, embedder: 'visual:1@8' })
  for (const path of ['/api/facets/seed', '/api/export', '/api/images/' + recordId(uri(0))]) {
    expect((await fetch(url + path)).status).toBe(200)
  }
  const picture = await jpeg(7, 64, 48)
  const ask = (query: string) =>
    sendJson<SearchResponse>('POST', `${url}/api/images/search-text`, { query })
  const { status, body } = await ask('foxes')
  expect(status).toBe(200)
  expect(body).toMatchObject({
    results: [{ image_uri: uri(0), found_by: 'words' }],
    total_found: 1,
  })
  expect(body.note).toMatch(/^Only words were compared.*lookalike reindex/)
  const words = ask('a walrus')
  for (const refused of [await search(picture), await index(picture), await words]) {
    expect([refused.status, refused.body.code]).toEqual([409, 'embedder_mismatch'])
    expect(refused.body.detail).toMatch(/visual:1@8.*openai:gpt-4o.*lookalike reindex/)
  }
  expect((await getHealth(url)).body.status).toBe('degraded')
  expect(openai.calls()).toEqual([0, 0])
})

test('records without a file are re-embedded by their description, or say what is missing', async () => {
  await leaveOldLibrary(['A fox.', 'An owl.', ''])
  expect(await reindex((await start()).url)).toMatchObject({
    state: 'failed',
    counts: { total: 3, done: 0, failed: 3 },
    failures: [{}, {}, { reason: expect.stringMatching(/file is not here.*cannot embed/) }],
  })
  const { url } = await start(openAiSettings(openai))
  const plan = await sendJson<ReindexPlan>('POST', `${url}/api/reindex`, { dry_run: true })
  expect(plan.body).toMatchObject({ records: 3, embed: 2, from_description: 2, missing_source: 1 })
  expect(await reindex(url, { drop_failed: true })).toMatchObject({
    state: 'complete',
    counts: { total: 3, done: 2, embedded: 2, from_description: 2, failed: 1 },
    failures: [{ image_uri: uri(2), reason: expect.stringMatching(/no description/) }],
  })
  expect([...(await recordsAt(url)).keys()]).toEqual([uri(1), uri(0)])
  expect(openai.calls()).toEqual([0, expect.any(Number)])
})

test('what a person wrote is embedded, never written over', async () => {
  const { url, index } = await start()
  await fill(url, 2)
  const words = { image_uri: uri(9), description: 'Rusty by the old mill' }
  await index(await jpeg(9, 64, 48), words)
  const semantic = await start(openAiSettings(openai))
  expect(await reindex(semantic.url)).toMatchObject({
    state: 'complete',
    counts: { described: 2, embedded: 3, from_description: 0 },
  })
  const again = { describe_again: true }
  expect(await reindex(semantic.url, again)).toMatchObject({ state: 'complete' })
  const records = await recordsAt(semantic.url)
  expect(records.get(uri(9))).toMatchObject({
    description: 'Rusty by the old mill',
    described_by: 'caller',
  })
  expect(records.get(uri(0))).toMatchObject({ described_by: null })
  const found = await sendJson('POST', `${semantic.url}/api/images/search-text`, {
    query: 'Rusty by the old mill',
    limit: 1,
  })
  expect(found.body).toMatchObject({ results: [{ image_uri: uri(9) }] })
})

test.each([
  ['openai:gpt-4o/text-embedding-3-large@1536', 'gpt-4o', 'text-embedding-3-large', 1536],
  ['openai:qwen/vl/embedder@8', 'qwen/vl', 'embedder', 8],
  ['openai:vision/nomic/embed@8', 'vision', 'nomic/embed', 8],
  ['openai:a/b/c@8', null, null, null],
  ['visual:2@512', null, null, null],
])('the models of %s are %s and %s', (id, vision, embedding, dimensions) => {
  const now = { OPENAI_VISION_MODEL: 'qwen/vl', OPENAI_EMBEDDING_MODEL: 'nomic/embed' }
  expect(previousModels(id, now)).toEqual(
    vision && {
      OPENAI_VISION_MODEL: vision,
      OPENAI_EMBEDDING_MODEL: embedding,
      OPENAI_EMBEDDING_DIMENSIONS: dimensions,
    },
  )
})
