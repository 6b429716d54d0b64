import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { describeImageStore } from '../../conformance/stores/image-store.ts'
import { library, record } from '../../conformance/stores/fixtures.ts'
import { untilIdle } from '../../support/stores.ts'
import { changeVectors, sql } from '../../support/kept-library.ts'
import type { ImageRecord, VectorRecord } from '../../../src/records/record.ts'
import { toBlob } from '../../../src/stores/embedded/truth/columns.ts'
import { type Room, unbounded } from '../../../src/data-dir/room.ts'
import { stepBytes } from '../../../src/stores/embedded/former-move.ts'
import type { ImageStore } from '../../../src/stores/image-store.ts'
import { vectorsPerBlock } from '../../../src/stores/embedded/truth/vector-blocks.ts'
import { randomNumbers, randomVector } from '../../support/crash-operations.ts'
import { openEmbeddedStore } from '../../../src/stores/embedded/store.ts'

describeImageStore('embedded', async (library) => {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  return {
    store: await openEmbeddedStore(folder, library),
    reopen: (again) => openEmbeddedStore(folder, again),
    dispose: () => rm(folder, { recursive: true, force: true }),
  }
})

/** Vectors as versions before 9 kept them: a row for each. */
function layOutAsBefore(folder: string): void {
  const kept = changeVectors(folder, (vectors) => vectors.after(0, 1_000))
  const database = new DatabaseSync(join(folder, 'library.db'))
  database.exec(`CREATE TABLE vectors (row INTEGER PRIMARY KEY, vector BLOB NOT NULL) STRICT; DROP TABLE vector_blocks;
    BEGIN`)
  const put = database.prepare('INSERT INTO vectors VALUES (?, ?)')
  for (const { row, vector } of kept) put.run(row, toBlob(vector))
  database.exec('COMMIT')
  database.close()
}

test('a library of the first version is brought up to date, and keeps what it had', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  const fox = record('fox')
  const before = await openEmbeddedStore(folder, library)
  await before.upsert([fox])
  await before.close()
  layOutAsBefore(folder)
  const database = new DatabaseSync(join(folder, 'library.db'))
  database.exec(`ALTER TABLE images DROP COLUMN missing; ALTER TABLE images DROP COLUMN phash;
    ALTER TABLE images DROP COLUMN tags; ALTER TABLE images DROP COLUMN thumbhash; ALTER TABLE images DROP COLUMN described_by;
    DROP TABLE words; DROP INDEX images_by_version; PRAGMA user_version = 1`)
  database.close()
  const store = await openEmbeddedStore(folder, library)
  expect(await store.getWithVectors([fox.id])).toEqual([fox])
  const seen = { ...fox, file: { ...fox.file!, phash: '0123456789abcdef' } }
  await store.upsert([seen])
  expect(await store.getWithVectors([fox.id])).toEqual([seen])
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

describe('where vectors lie', () => {
  let folder: string
  let store: ImageStore
  const open = async (room: Room = unbounded) =>
    (store = await openEmbeddedStore(folder, library, { room }))
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  })
  afterEach(async () => {
    await store.close()
    await rm(folder, { recursive: true, force: true })
  })
  const named = (from: number, to: number, turn = 0) =>
    Array.from({ length: to - from }, (_, n) =>
      record(`lies-${from + n}`, { vector: randomVector(randomNumbers(from + n + turn)) }),
    )
  const byId = (records: ImageRecord[]) => records.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const expectAll = async (records: VectorRecord[]) => {
    const ids = records.map(({ id }) => id)
    expect(byId(await store.getWithVectors(ids))).toEqual(byId(records))
    expect(await store.count()).toBe(records.length)
    // More than half of all: answered by comparing every vector there is.
    const query = { vector: records[7]!.vector, limit: records.length }
    expect(byId((await store.search(query)).map((hit) => hit.record))).toEqual(
      byId(records.map(({ vector: _, ...rest }) => rest)),
    )
  }

  test('vectors of an older library are moved while it is used, and where that ended it goes on', async () => {
    await (await open()).upsert(named(0, 600))
    await store.close()
    layOutAsBefore(folder)
    sql(folder, 'library.db', 'DROP INDEX images_by_version')
    sql(folder, 'library.db', 'PRAGMA user_version = 8')
    let steps = 3
    await open({ ...unbounded, has: (bytes) => bytes !== stepBytes || steps-- > 0 })
    await expect.poll(() => steps).toBeLessThan(0)
    expect((await store.health()).detail).toMatch(/packed closer \(\d+ %\)/)
    await expectAll(named(0, 600))
    await store.upsert([...named(0, 10, 5000), ...named(590, 600, 5000)])
    await store.delete(named(300, 310).map(({ id }) => id))
    const changed = [...named(0, 10, 5000), ...named(10, 300), ...named(310, 590), ...named(590, 600, 5000)] // prettier-ignore
    await expectAll(changed)
    await store.close()
    const left = sql(folder, 'library.db', 'SELECT count(*) AS n FROM vectors')
    expect(left).toEqual([{ n: 280 }])
    await open()
    await untilIdle(store)
    await expectAll(changed)
    await store.close()
    const tables = sql(folder, 'library.db', 'SELECT name FROM sqlite_schema')
    expect(tables.map(({ name }) => name)).not.toContain('vectors')
    await open()
    await expectAll(changed)
  })

  test('places that a deletion left are empty, and a walk goes past them', async () => {
    await (await open()).upsert(named(0, 300))
    await store.delete(named(40, 240).map(({ id }) => id))
    await expectAll([...named(0, 40), ...named(240, 300)])
    await store.delete([...named(0, 40), ...named(240, 300)].map(({ id }) => id))
    await store.close()
    expect(sql(folder, 'library.db', 'SELECT count(*) AS n FROM vector_blocks')).toEqual([{ n: 0 }])
  })

  test('a block wastes less than a twelfth of the disk, whatever the embedder', async () => {
    // Never other than these: what is on the disk was laid out so.
    const perBlock = { 4: 31, 64: 19, 224: 10, 384: 3, 512: 8, 768: 3, 1024: 4, 1536: 2, 3072: 1 } // prettier-ignore
    for (const [dimensions, count] of Object.entries(perBlock)) {
      expect(vectorsPerBlock(Number(dimensions)), dimensions).toBe(count)
    }
  })
})
