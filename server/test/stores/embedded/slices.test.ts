import { cpSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { removeMatching } from '../../../src/library/editing/edit.ts'
import { KeyedLock } from '../../../src/library/keyed-lock.ts'
import type { LibraryDeps } from '../../../src/library/deps.ts'
import type { ImageStore } from '../../../src/stores/image-store.ts'
import { openEmbeddedStore } from '../../../src/stores/embedded/store.ts'
import { library, record } from '../../conformance/stores/fixtures.ts'

let folder: string
let store: ImageStore
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  store = await openEmbeddedStore(join(folder, 'data'), library)
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

const odd = { must: [{ key: 'odd', match: { value: true } }] }
const made = (count: number) =>
  Array.from({ length: count }, (_, at) =>
    record(`${at}`, { metadata: { odd: at % 2 === 1 }, file: null }),
  )

/** What a deletion needs of a library without files. */
const depsOf = (of: ImageStore) => ({ store: of, locks: new KeyedLock() }) as unknown as LibraryDeps
const removeOdd = (of: ImageStore) =>
  removeMatching(depsOf(of), odd, new AbortController().signal, () => {})

/** How many others had their turn while something was done. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let turns = 0
  let isOver = false
  const other = () => {
    turns++
    if (!isOver) setImmediate(other)
  }
  setImmediate(other)
  await work
  isOver = true
  return turns
}

test('many records that are written or deleted leave others their turns', async () => {
  // 25 at once.
  expect(await turnsDuring(store.upsert(made(1000)))).toBeGreaterThan(19)
  expect(await turnsDuring(removeOdd(store))).toBeGreaterThan(9)
  expect(await store.count()).toBe(500)
})

test('a deletion by filter that a dying process breaks off leaves whole records, and is done when it is asked again', async () => {
  await store.upsert(made(300))
  const copy = join(folder, 'copy')
  const deleting = removeOdd({
    ...store,
    async delete(ids) {
      const gone = store.delete(ids)
      // As the files are when the process is killed, with part of them deleted.
      while ((await store.count()) === 300) await new Promise(setImmediate)
      cpSync(join(folder, 'data'), copy, { recursive: true })
      return gone
    },
  })
  await deleting
  const again = await openEmbeddedStore(copy, library)
  try {
    const left = await again.count()
    expect(left).toBeLessThan(300)
    expect(left).toBeGreaterThan(150)
    const { records } = await again.list({ limit: 1000 })
    const whole = new Map(made(300).map((each) => [each.id, each]))
    for (const each of await again.getWithVectors(records.map(({ id }) => id))) {
      expect(each).toEqual(whole.get(each.id))
    }
    expect(await removeOdd(again)).toMatchObject({ matched: left - 150, deleted: left - 150 })
    expect(await again.count(odd)).toBe(0)
    expect(await again.count()).toBe(150)
  } finally {
    await again.close()
  }
})
