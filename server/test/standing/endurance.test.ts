import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { MadeSearch, SearchMatches } from '@lookalike/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Others } from '../../src/library/standing/others.ts'
import { recordId } from '../../src/records/record-id.ts'
import { startFakeOpenAi } from '../fakes/openai.ts'
import { FakeQdrant } from '../fakes/qdrant.ts'
import { openAiSettings } from '../support/openai-settings.ts'
import { jpeg } from '../support/pictures.ts'
import { startProcess } from '../support/process.ts'
import { reindex } from '../support/reindexing.ts'
import { getJson, postForm, startServer } from '../support/server.ts'
import { importAll, SyntheticLibrary } from '../support/synthetic-library.ts'
import { until } from '../support/until.ts'

const library = new SyntheticLibrary({ id: 'visual:3@224', dimensions: 224 }, { seed: 9 })
const fox = library.unrelated()
const uri = (name: string) => `http://example.org/${name}`
const record = (name: string, vector = library.unrelated()) => library.record(uri(name), vector)
const many = (count: number) => Array.from({ length: count }, (_, at) => record(`other-${at}`))

let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'lookalike-'))
})
afterEach(() => rm(dataDir, { recursive: true, force: true }))

async function add(url: string, question: object, file?: Uint8Array): Promise<MadeSearch> {
  const fields = { name: 'Foxes', question: JSON.stringify(question) }
  const { status, body } = await postForm<MadeSearch>(`${url}/api/searches`, file ?? null, fields)
  expect([status, body]).toMatchObject([201, {}])
  return body
}
const like = (name: string) => ({ parts: [{ id: recordId(uri(name)) }] })
const namesOf = async (url: string, { id }: { id: string }) => {
  const { body } = await getJson<SearchMatches>(`${url}/api/searches/${id}/matches`)
  return body.matches.map(({ image }) => image?.image_uri.slice(19))
}

test('a server that is killed between a picture and its comparison tells of it afterwards, once', async () => {
  const settings = { DATA_DIR: dataDir, GRAPH: 'none' }
  const first = await startProcess(settings, dataDir)
  await importAll(first.url!, [record('fox', fox), ...many(60)])
  const made = await add(first.url!, like('fox'))
  await importAll(first.url!, [record('new-fox', library.related(fox, 0.75))])
  // The answer is out, and the comparison waits a moment for others.
  await first.kill('SIGKILL')
  const second = await startProcess(settings, dataDir)
  try {
    const names = await until(() => namesOf(second.url!, made), ({ length }) => length > 0) // prettier-ignore
    expect(names).toEqual(['new-fox'])
  } finally {
    await second.kill('SIGTERM')
  }
})

test('of servers over one Qdrant each hears of the pictures of the others, and none tells twice', async () => {
  const qdrant = await new FakeQdrant().start()
  const over = { STORE: 'qdrant', QDRANT_URL: qdrant.url, GRAPH: 'none' }
  const [one, other, apart] = await Promise.all([
    startServer({ ...over, DATA_DIR: dataDir }),
    startServer({ ...over, DATA_DIR: dataDir }),
    startServer(over),
  ])
  try {
    await importAll(one.url, [record('fox', fox), ...many(60)])
    const made = await add(one.url, like('fox'))
    const theirs = await add(apart.url, like('fox'))
    await other.index(await jpeg(1), { image_uri: uri('indexed') })
    const now = { ...record('new-fox', library.related(fox, 0.75)), indexed_at: new Date().toISOString() } // prettier-ignore
    await Promise.all([importAll(other.url, [now]), importAll(one.url, [now])])
    await until(() => namesOf(one.url, made), ({ length }) => length > 0) // prettier-ignore
    expect(await namesOf(other.url, made)).toEqual(['new-fox'])
    // What looks every now and then at what others wrote, made to look now.
    const { deps, state } = apart.services
    const found: string[] = []
    const others = new Others({
      store: deps.store,
      jobs: state.jobs,
      areAny: () => state.searches.areAny,
      onFound: (ids) => found.push(...ids),
      library: 'test',
    })
    await others.look()
    await others.look()
    expect(found.toSorted()).toEqual([uri('indexed'), uri('new-fox')].map(recordId).toSorted())
    expect(await namesOf(apart.url, theirs)).toEqual([])
    await importAll(apart.url, [now])
    await until(() => namesOf(apart.url, theirs), ({ length }) => length > 0) // prettier-ignore
  } finally {
    await apart.stop()
    await other.stop()
    await one.stop()
    await qdrant.stop()
  }
})

test('a library too small to tell keeps its pictures for later', async () => {
  const server = await startServer()
  try {
    await importAll(server.url, [record('fox', fox)])
    const made = await add(server.url, like('fox'))
    await importAll(server.url, [record('new-fox', library.related(fox, 0.75))])
    await importAll(server.url, many(60))
    await until(() => namesOf(server.url, made), ({ length }) => length > 0) // prettier-ignore
    expect(await namesOf(server.url, made)).toEqual(['new-fox'])
  } finally {
    await server.stop()
  }
})

test('after a re-index words and images ask on, and a picture that was sent is to be sent again', async () => {
  const openai = await startFakeOpenAi()
  const settings = { DATA_DIR: dataDir, GRAPH: 'none' }
  let server = await startServer(settings)
  const keep = async () => {
    await server.services.deps.store.close()
    server.services.state.close()
  }
  try {
    for (let seed = 0; seed < 3; seed++) {
      await server.index(await jpeg(seed), { image_uri: uri(`${seed}`) })
    }
    const [indexed, sent, scored] = [
      await add(server.url, { ...like('1'), min_match: 'same' }),
      await add(server.url, { parts: [{ file: 0 }] }, await jpeg(9)),
      await add(server.url, { ...like('1'), score_threshold: 0.9 }),
    ]
    await keep()
    server = await startServer({ ...settings, ...openAiSettings(openai) })
    expect(await reindex(server.url)).toMatchObject({ state: 'complete' })
    await server.index(await jpeg(1), { image_uri: uri('copy') })
    const { embedder } = server.services.deps
    const states = await until(
      async () =>
        Promise.all(
          [indexed, sent, scored].map(async ({ id }) => {
            const { body } = await getJson<MadeSearch>(`${server.url}/api/searches/${id}`)
            return [body.state, body.embedder === embedder.id, body.matches, body.detail] as const
          }),
        ),
      (all) => all.every(([state, isNew]) => isNew || state === 'outdated'),
    )
    expect(states).toMatchObject([
      ['watching', true, expect.anything(), null],
      ['outdated', false, 0, expect.stringContaining('ask it again')],
      ['outdated', false, 0, expect.stringContaining('0.900')],
    ])
    await until(() => namesOf(server.url, indexed), ({ length }) => length > 0) // prettier-ignore
  } finally {
    await server.stop()
    await openai.stop()
  }
})
