import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ReindexPlan } from '@lookalike/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { FakeEmbeddingServer } from '../fakes/embedding-server.ts'
import { startFakeOpenAi, type FakeOpenAi } from '../fakes/openai.ts'
import { openAiSettings } from '../support/openai-settings.ts'
import { jpeg } from '../support/pictures.ts'
import { fill, recordsAt, reindex, uri } from '../support/reindexing.ts'
import { getHealth, sendJson, startServer, type TestServer } from '../support/server.ts'

const count = 5

let model: FakeEmbeddingServer
let openai: FakeOpenAi
let dataDir: string
let server: TestServer | undefined
beforeAll(async () => {
  model = await new FakeEmbeddingServer('infinity').start()
  openai = await startFakeOpenAi()
  dataDir = await mkdtemp(join(tmpdir(), 'lookalike-server-'))
})
afterAll(async () => {
  await server?.stop()
  await model.stop()
  await openai.stop()
  await rm(dataDir, { recursive: true, force: true })
})

async function start(env: Record<string, string>): Promise<TestServer> {
  await server?.stop()
  server = await startServer({ DATA_DIR: dataDir, GRAPH: 'none', ...env })
  return server
}

const atServer = () => ({
  EMBEDDER: 'server',
  EMBEDDING_SERVER_URL: model.origin,
  EMBEDDING_SERVER_DIALECT: 'infinity',
  EMBEDDING_MODEL: 'colours',
  NAMES_BY_MODEL: 'false',
})

test('a library moves between the built-in embedder, an embedding server and OpenAI, and each answers until then', async () => {
  const visual = await start({ EMBEDDER: 'visual' })
  await fill(visual.url, count)
  const own = { image_uri: uri(count), description: 'Rusty by the old mill' }
  await visual.index(await jpeg(count, 64, 48), own)
  const before = await recordsAt(visual.url)

  const served = await start(atServer())
  expect((await getHealth(served.url)).body.status).toBe('degraded')
  const dryRun = { dry_run: true }
  const plan = await sendJson<ReindexPlan>('POST', `${served.url}/api/reindex`, dryRun)
  expect(plan.body).toMatchObject({ describe: 0, embed: count + 1, estimated_usd: 0 })
  expect(await reindex(served.url)).toMatchObject({ state: 'complete' })
  const after = await recordsAt(served.url)
  for (const [at, { description, tags, metadata }] of before) {
    expect(after.get(at)).toMatchObject({ description, tags, metadata, embedder: 'server:colours@16' }) // prettier-ignore
  }
  // Words of a person's are kept, and pictures are compared all the same: they do not become the vector.
  const asked = model.inputs.flat().filter((each) => 'text' in each)
  expect(asked.filter(({ text }) => text.includes('Rusty'))).toEqual([])
  expect((await served.search(await jpeg(2, 64, 48))).body.results[0]).toMatchObject({ image_uri: uri(2) }) // prettier-ignore

  const both = { ...openAiSettings(openai), ...atServer() }
  const semantic = await start({ ...both, EMBEDDER: 'openai' })
  // Until it is re-embedded, the embedding server answers.
  expect((await semantic.search(await jpeg(77))).body.embedder).toBe('server:colours@16')
  expect(await reindex(semantic.url)).toMatchObject({ state: 'complete', counts: { described: count } }) // prettier-ignore

  const back = await start(both)
  const [pictures] = model.counts()
  expect(await reindex(back.url)).toMatchObject({ state: 'complete', counts: { cached: count + 1 } }) // prettier-ignore
  // All were remembered: the self-test at the start is all that was asked.
  expect(model.counts()[0] - pictures).toBeLessThanOrEqual(2)
})
