import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImagePage, ImageRecord, SearchResponse } from '@lookalike/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { KnownCopies } from '../../src/library/copies/known-copies.ts'
import { backUp } from '../../src/backup/back-up.ts'
import { BackupFolder } from '../../src/backup/folder.ts'
import { restore } from '../../src/backup/restore.ts'
import { verify } from '../../src/backup/verify.ts'
import { loadConfig } from '../../src/config.ts'
import { prepareDataDir } from '../../src/data-dir/prepare.ts'
import { examine } from '../../src/doctor/doctor.ts'
import { FakeQdrant } from '../fakes/qdrant.ts'
import { bringUpToDate, newestArchive, unpacked } from '../support/kept-library.ts'
import { jpeg } from '../support/pictures.ts'
import { startProcess } from '../support/process.ts'
import { getJson, postForm, startServer } from '../support/server.ts'

let folder: string
let backup: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  backup = join(folder, 'backup')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const configOf = (dataDir: string, env: Record<string, string> = {}) =>
  loadConfig({ DATA_DIR: dataDir, PORT: '0', ...env })
const nowhere = { url: 'http://127.0.0.1:9', apiKey: undefined }
const take = (
  dataDir: string,
  options: { url?: string; apiKey?: string; keep?: number; env?: Record<string, string> } = {},
) =>
  backUp(configOf(dataDir, options.env), backup, {
    server: options.url ? { url: options.url, apiKey: options.apiKey } : nowhere,
    keep: options.keep,
    version: '0.0.0',
  })
const bringBack = (
  dataDir: string,
  options: { snapshot?: string; replace?: boolean } = {},
  env = {},
) => restore(configOf(dataDir, env), backup, { replace: false, ...options })

const index = (url: string, picture: Uint8Array, fields = {}) =>
  postForm<ImageRecord>(`${url}/api/images/index`, picture, fields)
const search = async (url: string, picture: Uint8Array) =>
  (await postForm<SearchResponse>(`${url}/api/images/search-similar`, picture, { limit: '1' })).body
    .results[0]

async function expectWhole(dataDir: string): Promise<void> {
  const { findings } = await examine(configOf(dataDir), { repair: false, quick: false })
  expect(findings).toEqual([])
}

test('the drill: a backup while pictures come and go, kill -9, the folder lost, restored: all that was acknowledged before is found', async () => {
  const data = join(folder, 'data')
  const server = await startProcess({ DATA_DIR: data, API_KEYS: 'of-the-drill' }, folder)
  const url = server.url!
  const headers = { authorization: 'Bearer of-the-drill' }
  const add = async (seed: number) => {
    const body = new FormData()
    body.set('image_file', new Blob([new Uint8Array(await jpeg(seed))]))
    body.set('image_uri', `https://example.org/${seed}`)
    const answer = await fetch(`${url}/api/images/index`, { method: 'POST', headers, body })
    return (await answer.json()) as ImageRecord
  }
  const before = [await add(1), await add(2), await add(3), await add(4)]

  let isOver = false
  const meanwhile = (async () => {
    for (let seed = 100; !isOver; seed++) {
      const { id } = await add(seed)
      if (seed % 2 === 0) await fetch(`${url}/api/images/${id}`, { method: 'DELETE', headers })
    }
  })()
  // While a server runs, it alone may copy the records: without a key for that nothing is begun.
  await expect(take(data, { url })).rejects.toThrow(/scope admin: set LOOKALIKE_API_KEY/)
  const first = await take(data, { url, apiKey: 'of-the-drill' })
  const second = await take(data, { url, apiKey: 'of-the-drill', keep: 1 })
  isOver = true
  await meanwhile
  expect(first).toMatchObject({ gone: [], differing: [] })
  expect(second.removedSnapshots).toEqual([first.snapshot])
  expect(second.reused.files).toBeGreaterThanOrEqual(before.length)
  // What the server copied for it is not left behind.
  expect(await readdir(join(data, 'snapshots'))).toEqual([])

  await server.kill('SIGKILL')
  await rm(data, { recursive: true })
  const { images } = await bringBack(data)
  expect(images).toBe(second.images)
  // Databases are copied one after the other: of a picture that came in between, only the cache of copies may know, until a server runs.
  const { findings } = await examine(configOf(data), { repair: false, quick: false })
  expect(findings.filter(({ code }) => code !== 'stray_copies')).toEqual([])
  const copies = new KnownCopies(data)
  copies.put('ab'.repeat(32), new Map())
  const again = await startServer({ DATA_DIR: data })
  try {
    const kept = (await getJson<ImagePage>(`${again.url}/api/images?limit=1000`)).body.images
    for (const { id } of before) expect(kept.map((each) => each.id)).toContain(id)
    for (const [at, { id, image_uri }] of before.entries()) {
      expect(await search(again.url, await jpeg(at + 1))).toMatchObject({ id, image_uri, score: 1 })
    }
    const hashes = kept.map(({ sha256 }) => sha256!)
    await expect
      .poll(() => copies.hashesAfter('', 1000).filter((each) => !hashes.includes(each)))
      .toEqual([])
    // Wholly in: whatever the snapshot has, it has with its file.
    for (const { id } of kept)
      expect((await fetch(`${again.url}/api/images/${id}/file`)).status).toBe(200)
  } finally {
    copies.close()
    await again.stop()
  }
})

test('a second run copies only what is new, a later one prunes, and what is damaged is told, refused and copied again', async () => {
  const { folder: data, remove } = await unpacked(newestArchive)
  await bringUpToDate(data)
  const first = await take(data)
  expect(first).toMatchObject({ images: 6, copied: { files: 9 }, reused: { files: 0 } })
  const second = await take(data)
  expect(second).toMatchObject({ images: 6, copied: { files: 0, bytes: 0 }, reused: { files: 9 } })

  const folderOf = () => BackupFolder.open(backup)
  const objects = join(backup, 'objects')
  const all = (await readdir(objects, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  )
  const original = (await readdir(join(data, 'files/originals'), { recursive: true })).find(
    (name) => name.length > 60,
  )!
  await truncate(join(objects, original), 10)
  let open = folderOf()
  const checked = await verify(open)
  open.close()
  expect(checked.snapshots.map(({ damaged }) => damaged)).toEqual(
    Array.from({ length: 2 }, () => [`files/originals/${original}`]),
  )
  const target = join(folder, 'restored')
  await expect(bringBack(target)).rejects.toThrow(
    /1 files of the snapshot .* are damaged .*nothing was restored/,
  )
  await expect(readdir(target)).rejects.toThrow(/ENOENT/)
  const mended = await take(data, { keep: 1 })
  expect(mended).toMatchObject({
    copied: { files: 1 },
    removedSnapshots: [first.snapshot, second.snapshot],
  })
  open = folderOf()
  expect((await verify(open)).snapshots).toMatchObject([
    { name: mended.snapshot, images: 6, damaged: [] },
  ])
  open.close()
  // Files stay, and the pages of databases that nothing names any more are gone.
  const left = (await readdir(objects, { recursive: true, withFileTypes: true })).filter((entry) =>
    entry.isFile(),
  )
  expect(left.length).toBeLessThanOrEqual(all.length)

  await bringBack(target)
  await expectWhole(target)
  expect(await readFile(join(target, 'files/originals', original))).toEqual(
    await readFile(join(data, 'files/originals', original)),
  )
  await expect(bringBack(target)).rejects.toThrow(/is not empty: .* --replace/)
  const { replaced } = await bringBack(target, { replace: true })
  expect(await readdir(join(target, replaced!))).toContain('library.db')
  await remove()
})

test('folders that are something else are refused, a newer format too, and half a restore keeps a server from starting', async () => {
  const { folder: data, remove } = await unpacked(newestArchive)
  await bringUpToDate(data)
  backup = join(folder, 'photos')
  await mkdir(backup)
  await writeFile(join(backup, 'holiday.jpg'), '')
  await expect(take(data)).rejects.toThrow(
    /holds other things \(holiday.jpg\), and nothing is written there/,
  )
  backup = join(data, 'backup')
  await expect(take(data)).rejects.toThrow(/must not lie in each other/)
  backup = join(folder, 'none')
  await expect(take(join(folder, 'nothing'))).rejects.toThrow(/There is no folder/)
  await expect(bringBack(join(folder, 'x'))).rejects.toThrow(/is no backup/)
  await take(data)
  const other = configOf(join(folder, 'x'), { QDRANT_URL: 'http://127.0.0.1:9' })
  await expect(restore(other, backup, { replace: false })).rejects.toThrow(
    /STORE=embedded, and the settings name qdrant/,
  )

  const target = join(folder, 'half')
  const [snapshot] = await readdir(join(backup, 'snapshots'))
  await mkdir(target)
  await writeFile(join(target, 'restoring'), snapshot!.replace('.jsonl', ''))
  expect(() => prepareDataDir(target)).toThrow(
    /a backup is being restored .*run `lookalike restore` again/,
  )
  await bringBack(target)
  prepareDataDir(target)
  await expectWhole(target)

  const list = join(backup, 'snapshots', snapshot!)
  const text = await readFile(list, 'utf8')
  await writeFile(list, text.replace('"images":6', '"images":7'))
  await expect(bringBack(join(folder, 'y'))).rejects.toThrow(/is damaged or was cut short/)
  await writeFile(list, text.replace('"lookalike_backup":1', '"lookalike_backup":2'))
  await expect(bringBack(join(folder, 'y'))).rejects.toThrow(/made by a newer Lookalike/)
  await writeFile(join(backup, 'lookalike-backup.json'), '{"lookalike_backup":2}')
  await expect(take(data)).rejects.toThrow(/made by a newer Lookalike/)
  await remove()
})

test('a library in Qdrant is backed up over its API, and restored into another collection, to the bit', async () => {
  const qdrant = await new FakeQdrant().start()
  const env = { QDRANT_URL: qdrant.url, QDRANT_COLLECTION: 'one' }
  const data = join(folder, 'data')
  const target = join(folder, 'target')
  const server = await startServer({ ...env, DATA_DIR: data })
  let exported: string
  const exportOf = async (url: string) =>
    (await (await fetch(`${url}/api/export`)).text())
      .split('\n')
      .filter((line) => line.includes('"vector"'))
      .map((line) => line.replaceAll(url, ''))
      .toSorted()
      .join('\n')
  try {
    for (const seed of [1, 2])
      await index(server.url, await jpeg(seed), { metadata: `{"seed":${seed}}` })
    exported = await exportOf(server.url)
    expect(await take(data, { url: server.url, env })).toMatchObject({
      images: 2,
      copied: { files: 2 },
    })
    expect(await take(data, { url: server.url, env })).toMatchObject({
      images: 2,
      copied: { files: 0 },
    })
    await expect(bringBack(target, {}, env)).rejects.toThrow(/holds 2 records: name another one/)
  } finally {
    await server.stop()
  }
  const elsewhere = { ...env, QDRANT_COLLECTION: 'other' }
  expect(await bringBack(target, {}, elsewhere)).toMatchObject({ images: 2 })
  const again = await startServer({ ...elsewhere, DATA_DIR: target })
  try {
    expect(await exportOf(again.url)).toBe(exported)
    expect((await search(again.url, await jpeg(2)))!.score).toBe(1)
  } finally {
    await again.stop()
  }
  const { findings } = await examine(configOf(target, elsewhere), { repair: false, quick: false })
  expect(findings).toEqual([])
  await qdrant.stop()
})
