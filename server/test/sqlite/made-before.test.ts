import { readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { gunzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import openEmbeddedGraph from '../../src/graph/embedded/index.ts'
import { openOutbox } from '../../src/library/graph/outbox.ts'
import { withWords } from '../../src/records/terms.ts'
import { openState } from '../../src/state/state.ts'
import { openEmbeddedStore } from '../../src/stores/embedded/store.ts'
import { libraryFile } from '../../src/stores/embedded/truth/library-file.ts'
import { allWords } from '../../src/words/asked.ts'
import { library, record, sha256Of } from '../conformance/stores/fixtures.ts'

/**
 * The files in `made-before/` were written by Lookalike itself before its databases shared one opener:
 * library.db is of version 4, state.db of version 2, graph.db and graph-outbox.db of version 1.
 */
let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

function putFile(name: string): void {
  const packed = readFileSync(join(import.meta.dirname, 'made-before', `${name}.gz`))
  writeFileSync(join(folder, name), gunzipSync(packed))
}

function change(name: string, sql: string): void {
  const database = new DatabaseSync(join(folder, name))
  database.exec(sql)
  database.close()
}

function versionOf(name: string): unknown {
  const database = new DatabaseSync(join(folder, name))
  const version = database.prepare('PRAGMA user_version').get()!['user_version']
  database.close()
  return version
}

const axis = (index: number) =>
  Float32Array.from({ length: library.dimensions }, (_, at) => Number(at === index))

const fileOf = (name: string) => ({ ...record(name).file! })
const fox = record('fox', {
  describedBy: 'caller',
  metadata: { tags: ['red', 'quick'], year: 1999, ok: true },
  file: { ...fileOf('fox'), phash: '0123456789abcdef' },
  vector: axis(0),
})
const owl = record('owl', { file: { ...fileOf('owl'), missing: true }, vector: axis(1) })
const moth = record('moth', {
  metadata: { tags: ['red'], nested: { depth: 2 } },
  file: null,
  embedderId: null,
  indexedAt: null,
  vector: axis(2),
})
const { describedBy: _, ...foxWithoutDescriber } = fox
const foxBeforeHashes = { ...foxWithoutDescriber, file: fileOf('fox') }

/** What brings a file of version 4 back to an older one, and what the fox has lost by it. */
const olderLibraries = [
  [4, '', fox, owl],
  [3, 'ALTER TABLE images DROP COLUMN described_by;', foxWithoutDescriber, owl],
  [2, 'ALTER TABLE images DROP COLUMN phash;', foxBeforeHashes, owl],
  [
    1,
    'ALTER TABLE images DROP COLUMN missing;',
    foxBeforeHashes,
    record('owl', { vector: axis(1) }),
  ],
] as const

describe('library.db', () => {
  test.each(olderLibraries)('of version %i opens without loss', async (version, _, aFox, anOwl) => {
    putFile('library.db')
    const steps = olderLibraries.filter(([each]) => each >= version).map(([, sql]) => sql)
    change('library.db', `${steps.join('')} PRAGMA user_version = ${version}`)
    const store = await openEmbeddedStore(folder, library)
    const ids = [aFox.id, anOwl.id, moth.id]
    expect(await store.count()).toBe(3)
    expect(await store.getWithVectors(ids)).toEqual([aFox, anOwl, moth])
    const page = await store.list({ limit: 10 })
    expect(page.records.map(({ id }) => id)).toEqual(ids.toReversed())
    const filter = { must: [{ key: 'tags', match: { value: 'red' } }] }
    const hits = await store.search({ vector: axis(0), limit: 1, filter })
    expect(hits).toEqual([{ record: expect.objectContaining({ id: fox.id }), score: 1 }])
    expect(await store.facets('tags', 10)).toEqual([
      { value: 'red', count: 2 },
      { value: 'quick', count: 1 },
    ])
    const words = { must: [withWords(allWords('moths red').map((word) => [[word]]))] }
    expect((await store.list({ limit: 10, filter: words })).records).toEqual([
      expect.objectContaining({ id: moth.id }),
    ])
    await store.upsert([fox, owl])
    expect(await store.getWithVectors([fox.id, owl.id])).toEqual([fox, owl])
    await store.close()
    expect(versionOf('library.db')).toBe(libraryFile.migrations.length)
  })

  test('of version 4 loses facts that no record has', async () => {
    putFile('library.db')
    change(
      'library.db',
      `INSERT INTO facts VALUES ('n', 'number', 9e999, 1), ('year', 'number', 3, 99)`,
    )
    const store = await openEmbeddedStore(folder, library)
    for (const key of ['n', 'year']) {
      const filter = { must: [{ key, range: { gt: 2 } }] }
      expect(await store.count(filter)).toBe(Number(key === 'year'))
      expect((await store.list({ limit: 10, filter })).records).toHaveLength(Number(key === 'year'))
    }
    await store.close()
  })

  test('is still the library of the embedder that made it', async () => {
    putFile('library.db')
    const other = openEmbeddedStore(folder, { ...library, embedderId: 'another@8' })
    await expect(other).rejects.toMatchObject({ code: 'embedder_mismatch' })
    const store = await openEmbeddedStore(folder, library)
    expect(await store.count()).toBe(3)
    await store.close()
  })
})

describe('state.db', () => {
  const open = () =>
    openState({
      dataDir: folder,
      cacheMegabytes: 10,
      monthlyBudget: undefined,
      library: 'embedded',
    })

  test('of version 2 opens without loss', () => {
    putFile('state.db')
    const { memory, ledger, jobs, close } = open()
    const pixels = sha256Of('pixels')
    const picture = { pixels, format: 'png', width: 64, height: 48 }
    expect(memory.picture(sha256Of('fox'))).toEqual(picture)
    expect(memory.description(pixels, 'describer-1')).toBe('A fox at dusk')
    expect(memory.vector(sha256Of('A fox at dusk'), 'model@8')).toEqual(axis(0))
    expect(ledger.days(100_000)).toEqual([
      expect.objectContaining({ model: 'vision', calls: 1, estimatedUsd: 0.25 }),
    ])
    expect(jobs.read('reindex')).toEqual({ phase: 'paused', done: 3 })
    close()
  })

  test('of version 1, which knew no jobs, gets a place for them and keeps the rest', () => {
    putFile('state.db')
    change('state.db', 'DROP TABLE jobs; PRAGMA user_version = 1')
    const { memory, jobs, close } = open()
    expect(memory.description(sha256Of('pixels'), 'describer-1')).toBe('A fox at dusk')
    jobs.write('reindex', { done: 4 })
    expect(jobs.read('reindex')).toEqual({ done: 4 })
    close()
    expect(versionOf('state.db')).toBe(8)
  })
})

test('graph.db of version 1 opens without loss', async () => {
  putFile('graph.db')
  const graph = openEmbeddedGraph({ dataDir: folder, deadlineMs: 10_000, memoryBytes: 1e9 })
  expect(await graph.imageIds()).toEqual([fox.id])
  const exported = await graph.export('application/n-quads')
  expect(String(exported)).toContain('<http://purl.org/dc/terms/title> "fox"')
  expect(String(exported)).toContain('<http://schema.org/about> "foxes"')
  await graph.close()
})

test('graph-outbox.db of version 1 opens without loss', async () => {
  putFile('graph-outbox.db')
  const outbox = openOutbox(folder)
  expect([...outbox.due()].sort()).toEqual([fox.id, owl.id].sort())
  expect(outbox.describedBy()).toBe('[1,"http://example.org",{}]')
  await outbox.close()
})
