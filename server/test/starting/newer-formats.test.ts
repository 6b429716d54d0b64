import { globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { databaseFiles } from '../../src/doctor/checks/databases.ts'
import openEmbeddedGraph from '../../src/graph/embedded/index.ts'
import { Keys } from '../../src/keys/keys.ts'
import { KnownCopies } from '../../src/library/copies/known-copies.ts'
import { openOutbox } from '../../src/library/graph/outbox.ts'
import { MapFile } from '../../src/library/map/map-file.ts'
import { openDatabase } from '../../src/sqlite/open.ts'
import { openState } from '../../src/state/state.ts'
import { openEmbeddedStore } from '../../src/stores/embedded/store.ts'
import { library, record } from '../conformance/stores/fixtures.ts'
import { startProcess } from '../support/process.ts'
import { sql } from '../support/kept-library.ts'
import { untilIdle } from '../support/stores.ts'

const root = join(import.meta.dirname, '../../..')

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

/** Who opens each file that lies in DATA_DIR. */
const opened: Record<string, () => unknown> = {
  'library.db': () => openEmbeddedStore(folder, library),
  'graph.db': () => openEmbeddedGraph({ dataDir: folder, deadlineMs: 1000, memoryBytes: 1e9 }),
  'state.db': () =>
    openState({
      dataDir: folder,
      cacheMegabytes: 1,
      monthlyBudget: undefined,
      library: 'embedded',
    }),
  'graph-outbox.db': () => openOutbox(folder),
  'copies.db': () => new KnownCopies(folder),
  'map.db': () => new MapFile(folder),
}

/** As a program would leave it that knows one version more. */
function makeNewer(name: string): void {
  const file = databaseFiles.find((each) => each.name === name)!
  openDatabase(folder, file).close()
  sql(folder, name, `PRAGMA user_version = ${file.migrations.length + 1}`)
}

describe('what a newer Lookalike wrote is refused, and left as it is', () => {
  test.each(Object.keys(opened))('%s', async (name) => {
    makeNewer(name)
    const before = readFileSync(join(folder, name))
    await expect((async () => opened[name]!())()).rejects.toMatchObject({
      message: `${name} was made by a newer Lookalike: start that one, or give this one another DATA_DIR.`,
    })
    expect(readFileSync(join(folder, name))).toEqual(before)
  })

  test('keys.json', async () => {
    const keys = new Keys(folder, [])
    keys.add({ name: 'mine', scope: 'admin', expiresAt: null })
    const path = join(folder, 'keys.json')
    const text = readFileSync(path, 'utf8')
    // As it was before it had a format.
    await writeFile(path, text.replace(/"format": 1,/, ''))
    expect(new Keys(folder, []).list().map(({ name }) => name)).toEqual(['mine'])
    await writeFile(path, text.replace('"format": 1', '"format": 2'))
    expect(() => new Keys(folder, [])).toThrow(
      /^DATA_DIR: keys\.json was made by a newer Lookalike: start that one/,
    )
  })

  test('so that a start ends with 1 and says what to do', async () => {
    makeNewer('library.db')
    const { url, ended, output } = await startProcess({ DATA_DIR: folder }, folder)
    expect(url).toBeNull()
    expect(await ended).toBe(1)
    expect(output().trim()).toMatch(
      /^library\.db was made by a newer Lookalike: start that one, or give/,
    )
  })
})

test('a vector index that this version cannot read is made anew from the records', async () => {
  const first = await openEmbeddedStore(folder, library)
  await first.upsert([record('fox'), record('owl')])
  await untilIdle(first)
  await first.close()
  await writeFile(join(folder, 'vectors/collection/manifest.99'), 'of a newer engine')
  await rm(join(folder, 'vectors/collection/0'), { recursive: true })
  const again = await openEmbeddedStore(folder, library)
  await untilIdle(again)
  expect(await again.search({ vector: record('fox').vector, limit: 5 })).toHaveLength(2)
  expect(await again.health()).toMatchObject({ status: 'ok' })
  await again.close()
})

test('every database is known to the doctor, to this test, and to whoever says what a backup holds', () => {
  const files = globSync('server/src/**/*.ts', { cwd: root })
  const declared = files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8')
    return [...text.matchAll(/: DatabaseFile = \{\n {2}name: '(.+)'/g)].map(([, name]) => name!)
  })
  expect(declared.toSorted()).toEqual(databaseFiles.map(({ name }) => name).toSorted())
  expect(declared.toSorted()).toEqual(Object.keys(opened).toSorted())
  const formats = readFileSync(join(root, 'docs/upgrading.md'), 'utf8')
  for (const name of declared) expect(formats).toContain(`\`${name}\``)
})
