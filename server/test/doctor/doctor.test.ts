import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { ImagePage } from '@lookalike/sdk'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { originalState } from '../../src/doctor/checks/files/originals.ts'
import { examine } from '../../src/doctor/doctor.ts'
import { Patient } from '../../src/doctor/patient.ts'
import type { Report } from '../../src/doctor/report.ts'
import { filePath, type FileKind } from '../../src/files/file-store.ts'
import { checkIndex } from '../../src/stores/embedded/checking/index-check.ts'
import { IndexFolder } from '../../src/stores/embedded/vector-index/index-folder.ts'
import {
  bringUpToDate,
  changeVectors,
  newestArchive,
  rowOf,
  olderArchive,
  sql,
  unpacked,
} from '../support/kept-library.ts'
import { sha256Of } from '../conformance/stores/fixtures.ts'
import { getJson, startServer } from '../support/server.ts'

let folder: string
let remove: () => Promise<void>
beforeEach(async () => {
  ;({ folder, remove } = await unpacked(newestArchive))
  await bringUpToDate(folder)
})
afterEach(() => remove())

const look = (env: Record<string, string> = {}) =>
  examine(loadConfig({ DATA_DIR: folder, PORT: '0', ...env }), { repair: false, quick: false })
const repair = () =>
  examine(loadConfig({ DATA_DIR: folder, PORT: '0' }), { repair: true, quick: false })

const codes = ({ findings }: Report) =>
  findings.map(({ check, code }) => `${check}/${code}`).toSorted()

async function expectWhole(): Promise<void> {
  const { status, findings } = await look()
  expect(findings).toEqual([])
  expect(status).toBe('whole')
}

/** Content hashes of the six pictures, as they came. */
const hashes = () =>
  sql(folder, 'library.db', 'SELECT sha256 FROM images ORDER BY row').map(
    ({ sha256 }) => sha256 as string,
  )
const at = (kind: FileKind, sha256: string) => join(folder, 'files', filePath(kind, sha256))

async function flipByte(path: string, position: number): Promise<void> {
  await using file = await open(path, 'r+')
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, position)
  await file.write(Buffer.from([buffer[0]! ^ 0xff]), 0, 1, position)
}

async function add(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
}

test('every kind of damage is found, repaired, found no more, and pictures are found right after', async () => {
  const [truncated, withoutThumbnail, gone, halfThumbnail, flipped, withoutVector] = hashes()
  const stray = sha256Of('stray')
  const originalOf = new Map<string, Buffer>()
  for (const sha256 of hashes()) originalOf.set(sha256, await readFile(at('original', sha256)))
  await truncate(at('original', truncated!), 1000)
  await rm(at('thumbnail', withoutThumbnail!))
  await rm(at('original', gone!))
  await truncate(at('thumbnail', halfThumbnail!), 1000)
  await flipByte(at('original', flipped!), 2000)
  await add(at('original', stray), 'an original that no record names')
  await add(at('thumbnail', stray), 'and its thumbnail')
  await add(at('thumbnail-768', halfThumbnail!), 'no WebP')
  await add(join(folder, 'files/originals/Thumbs.db'), 'of another program')
  await add(join(folder, 'uploads/0123-left'), 'half an upload')
  await add(join(folder, 'files/staging/0123-left'), 'half a file')
  const row = rowOf(folder, withoutVector!)
  changeVectors(folder, (kept) => {
    kept.put(99, kept.after(0, 1)[0]!.vector)
    kept.remove(row)
  })
  sql(folder, 'library.db', `DELETE FROM facts WHERE key = 'colour' AND value = 'red'`)
  sql(folder, 'library.db', `UPDATE library SET value = 2 WHERE key = 'version'`)
  sql(
    folder,
    'copies.db',
    'INSERT INTO pairs VALUES (?, ?, NULL)',
    Buffer.from(stray, 'hex'),
    Buffer.from(gone!, 'hex'),
  )
  sql(folder, 'state.db', `INSERT INTO remembered VALUES ('picture:${stray}', 1, 3, x'7b7b7b')`)
  sql(
    folder,
    'graph.db',
    `UPDATE documents SET id = 'gone' WHERE id = (SELECT min(id) FROM documents)`,
  )
  sql(
    folder,
    'graph.db',
    `UPDATE documents SET statements = statements || '.' WHERE id = (SELECT max(id) FROM documents WHERE id <> 'gone')`,
  )

  const found = await look()
  expect(found.status).toBe('damaged')
  expect(codes(found)).toEqual([
    'caches/malformed_memories',
    'caches/stray_copies',
    'files/damaged_thumbnails',
    'files/foreign_files',
    'files/original_damaged',
    'files/original_gone',
    'files/original_truncated',
    'files/stray_originals',
    'files/stray_thumbnails',
    'files/thumbnail_gone',
    'graph/outdated_statements',
    'graph/stray_statements',
    'graph/undescribed',
    'index/mixed_up_index',
    'leftovers/temporary_files',
    'records/record_without_vector',
    'records/repeated_versions',
    'records/vector_without_record',
    'records/wrong_facts',
  ])
  const repaired = await repair()
  expect(repaired.findings.filter((each) => each.repaired === null)).toEqual([])
  expect(repaired.status).toBe('whole')
  await expectWhole()
  const aside = await readdir(join(folder, 'quarantine/originals'))
  expect(aside.toSorted()).toEqual([truncated!, flipped!, stray].toSorted())

  const server = await startServer({ DATA_DIR: folder })
  try {
    const { images } = (await getJson<ImagePage>(`${server.url}/api/images`)).body
    expect(images).toHaveLength(6)
    for (const [sha256, original] of originalOf) {
      const { body } = await server.search(original, { limit: '1' })
      expect(body.results[0]!.score).toBeCloseTo(1, 4)
      const { image_uri, id } = images.find((each) => each.sha256 === sha256)!
      const isAwaited = [truncated, gone, flipped].includes(sha256)
      expect((await fetch(`${server.url}/api/images/${id}/file`)).status).toBe(
        isAwaited ? 404 : 200,
      )
      expect((await server.index(original, { image_uri })).status).toBe(200)
      expect((await fetch(`${server.url}/api/images/${id}/thumbnail`)).status).toBe(200)
    }
    const filter = encodeURIComponent('{"must":[{"key":"colour","match":{"value":"red"}}]}')
    const red = (await getJson<ImagePage>(`${server.url}/api/images?filter=${filter}`)).body
    expect(red.images).toHaveLength(1)
    const query = encodeURIComponent(
      'SELECT (count(*) AS ?n) { ?s a <https://schema.org/ImageObject> }',
    )
    const headers = { accept: 'text/csv' }
    await expect
      .poll(async () =>
        (await fetch(`${server.url}/api/kg/sparql?query=${query}`, { headers })).text(),
      )
      .toMatch(/^n\r?\n6/)
    // What deleting leaves nothing of, beside the files.
    await fetch(`${server.url}/api/images/${images[0]!.id}`, { method: 'DELETE' })
    const kept = sql(
      folder,
      'copies.db',
      'SELECT 1 FROM compared WHERE sha256 = ?',
      Buffer.from(images[0]!.sha256!, 'hex'),
    )
    expect(kept).toEqual([])
  } finally {
    await server.stop()
  }
})

describe('the index', () => {
  const vectors = () => changeVectors(folder, (kept) => kept.entriesAfter(0, 10))
  const seal = () =>
    sql(folder, 'library.db', `SELECT value FROM library WHERE key = 'index seal'`)[0]![
      'value'
    ] as string

  /** Another index under the same seal, as if it had been closed in order. */
  async function replaceIndex(
    change: (entries: ReturnType<typeof vectors>) => ReturnType<typeof vectors>,
  ) {
    const index = new IndexFolder(join(folder, 'vectors'), {
      dimensions: 224,
      quantization: 'int8',
    })
    const sealed = seal()
    const made = await index.recreate()
    made.put(change(vectors()))
    made.close()
    index.seal(sealed)
  }

  test('whose vectors answer for other records is found by asking it, and made anew', async () => {
    await replaceIndex((all) =>
      all.map((each, n) => ({ ...each, vector: all[(n + 1) % 4]!.vector })),
    )
    expect(codes(await repair())).toEqual(['index/mixed_up_index'])
    await expectWhole()
  })

  const state = () =>
    checkIndex({
      dataDir: folder,
      library: { embedderId: 'visual:3@224', dimensions: 224 },
      quantization: 'int8',
    })

  test('that lacks a vector, and has one that is no longer right', async () => {
    await replaceIndex((all) =>
      all.slice(1).map((each, n) => ({ ...each, version: each.version - Number(n === 0) })),
    )
    expect(await state()).toMatchObject({ state: 'compared', missing: 1, stale: 1, stray: 0 })
  })

  test('whose files are damaged', async () => {
    for (const name of ['0', '1']) {
      const segment = join(folder, 'vectors/collection', name)
      for (const file of await readdir(segment)) await truncate(join(segment, file), 100)
    }
    expect(await state()).toMatchObject({ state: 'unreadable' })
  })
})

test('damaged databases are put aside where they can be made again, and named where they cannot', async () => {
  for (const name of ['copies.db', 'graph.db']) {
    await using file = await open(join(folder, name), 'r+')
    await file.write(Buffer.alloc(200, 0xaa), 0, 200, 4096)
  }
  await rm(join(folder, 'vectors'), { recursive: true })
  const repaired = await repair()
  expect(codes(repaired)).toEqual(['databases/damaged_database', 'databases/damaged_database'])
  expect(repaired.status).toBe('damaged')
  const left = repaired.findings.filter((each) => each.repaired === null)
  expect(left.map(({ message }) => message)).toEqual([
    expect.stringMatching(/^graph\.db .*lookalike restore/),
  ])
  expect(await readdir(join(folder, 'quarantine/databases'))).toContain('copies.db')
})

test('a library of an older version is not called whole until it was brought up to date', async () => {
  const older = await unpacked(olderArchive)
  const config = loadConfig({ DATA_DIR: older.folder, PORT: '0' })
  const found = await examine(config, { repair: false, quick: true })
  expect(found.status).toBe('damaged')
  expect(new Set(codes(found))).toEqual(new Set(['databases/older_format']))
  const repaired = await examine(config, { repair: true, quick: true })
  expect(repaired.status).toBe('whole')
  expect(repaired.looked.map(({ at }) => at)).toContain('5 records')
  await older.remove()
})

test('originals whose records were lost are left where they are', async () => {
  await rm(join(folder, 'vectors'), { recursive: true })
  for (const table of ['images', 'vector_blocks', 'facts'])
    sql(folder, 'library.db', `DELETE FROM ${table}`)
  const found = await repair()
  expect(codes(found)).toContain('files/records_lost')
  expect(found.status).toBe('damaged')
  expect(existsSync(join(folder, 'quarantine'))).toBe(false)
})

test('originals that were kept without their metadata are whole where the settings say so', async () => {
  const [sha256] = hashes()
  const original = await readFile(at('original', sha256!))
  const comment = Buffer.from('fffe000801020304', 'hex')
  const sent = Buffer.concat([original.subarray(0, 2), comment, original.subarray(2)])
  const sentAs = createHash('sha256').update(sent).digest('hex')
  await add(at('original', sentAs), original)
  const file = { sha256: sentAs, format: 'jpeg', width: 200, height: 150, bytes: original.length }
  const stateWith = async (STRIP_METADATA: string) => {
    const patient = await Patient.open(loadConfig({ DATA_DIR: folder, STRIP_METADATA }))
    const state = await originalState(patient, file, false)
    await patient.close()
    return state
  }
  expect(await stateWith('true')).toBe('whole')
  expect(await stateWith('false')).toBe('damaged')
  await flipByte(at('original', sentAs), 300)
  expect(await stateWith('true')).toBe('damaged')
})

test('while a server uses it, its records and files are looked at, and nothing is repaired', async () => {
  const [, lost, gone] = hashes()
  await rm(at('thumbnail', lost!))
  await rm(at('original', gone!))
  await add(at('original', sha256Of('of this moment')), 'whose record follows')
  const server = await startServer({ DATA_DIR: folder })
  const env = { DATA_DIR: folder, PORT: '0' }
  const address = { url: server.url, apiKey: undefined }
  try {
    const options = { repair: false, quick: false }
    const report = await examine(loadConfig(env), options, address)
    expect(codes(report)).toEqual(['files/original_gone', 'files/thumbnail_gone'])
    expect(report.notes).toContainEqual(expect.stringMatching(/A server uses the library: index/))
    expect(await readdir(join(folder, 'snapshots'))).toEqual([])
    const repairing = examine(loadConfig(env), { ...options, repair: true }, address)
    await expect(repairing).rejects.toThrow(/A server is using .* stop it first/)
    const elsewhere = examine(loadConfig(env), options, { ...address, url: 'http://127.0.0.1:9' })
    await expect(elsewhere).rejects.toThrow(/none answers at .*--url/)
  } finally {
    await server.stop()
  }
  await expect(look({ DATA_DIR: join(folder, 'nowhere') })).rejects.toThrow(/There is no folder/)
})
