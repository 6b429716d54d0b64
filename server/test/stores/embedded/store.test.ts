import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { describeImageStore } from '../../conformance/stores/image-store.ts'
import { library, record } from '../../conformance/stores/fixtures.ts'
import { openEmbeddedStore } from '../../../src/stores/embedded/store.ts'

describeImageStore('embedded', async (library) => {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  return {
    store: await openEmbeddedStore(folder, library),
    reopen: (again) => openEmbeddedStore(folder, again),
    dispose: () => rm(folder, { recursive: true, force: true }),
  }
})

test('a library of the first version is brought up to date, and keeps what it had', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  const fox = record('fox')
  const before = await openEmbeddedStore(folder, library)
  await before.upsert([fox])
  await before.close()
  const database = new DatabaseSync(join(folder, 'library.db'))
  database.exec(`ALTER TABLE images DROP COLUMN missing; ALTER TABLE images DROP COLUMN phash;
    ALTER TABLE images DROP COLUMN tags; ALTER TABLE images DROP COLUMN thumbhash; ALTER TABLE images DROP COLUMN described_by;
    DROP TABLE words; PRAGMA user_version = 1`)
  database.close()
  const store = await openEmbeddedStore(folder, library)
  expect(await store.getWithVectors([fox.id])).toEqual([fox])
  const seen = { ...fox, file: { ...fox.file!, phash: '0123456789abcdef' } }
  await store.upsert([seen])
  expect(await store.getWithVectors([fox.id])).toEqual([seen])
  await store.close()
  await rm(folder, { recursive: true, force: true })
})
