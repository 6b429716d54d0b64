import { copyFileSync, mkdirSync, rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { backUp } from '../../src/backup/back-up.ts'
import { restore } from '../../src/backup/restore.ts'
import { loadConfig } from '../../src/config.ts'
import { openPresence, type Presence } from '../../src/data-dir/presence.ts'
import { sha256Of } from '../conformance/stores/fixtures.ts'
import {
  bringUpToDate,
  changeVectors,
  newestArchive,
  rowOf,
  sql,
  unpacked,
} from '../support/kept-library.ts'

/** A server over the library, whose pictures go just after it has copied the records. */
let data: string
let remove: () => Promise<void>
let folder: string
let presence: Presence
let server: Server
let copies: number
/** What happens before and after each copy of the records. */
let beforehand: (copy: number) => void
let afterwards: (copy: number) => void

beforeEach(async () => {
  ;({ folder: data, remove } = await unpacked(newestArchive))
  await bringUpToDate(data)
  folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  mkdirSync(join(data, 'snapshots'))
  presence = openPresence(data)
  copies = 0
  beforehand = () => {}
  server = createServer((request, response) => {
    const name = request.url!.endsWith('graph') ? 'graph' : 'library'
    const file = `snapshots/${name}-${++copies}.db`
    if (name === 'library') beforehand(copies)
    copyFileSync(join(data, `${name}.db`), join(data, file))
    if (name === 'library') afterwards(copies)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ file, images: 1, bytes: 1 }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  presence.close()
  server.close()
  await remove()
  await rm(folder, { recursive: true, force: true })
})

const hashes = () =>
  sql(data, 'library.db', 'SELECT sha256 FROM images ORDER BY row').map((row) =>
    String(row['sha256']),
  )
const loseFile = (sha256: string) =>
  rmSync(join(data, 'files/originals', sha256.slice(0, 2), sha256), { force: true })

/** One that has no file any more by the time that somebody looks. */
function addPicture(name: string): void {
  sql(
    data,
    'library.db',
    `INSERT INTO images (id, image_uri, description, metadata, sha256, format, width, height, bytes, version)
     SELECT ?, ?, '', '{}', ?, format, width, height, bytes, 99 FROM images LIMIT 1`,
    name,
    name,
    sha256Of(name),
  )
  const row = rowOf(data, sha256Of(name))
  changeVectors(data, (vectors) => vectors.put(row, vectors.after(0, 1)[0]!.vector))
}

function deletePicture(sha256: string): void {
  const row = rowOf(data, sha256)
  sql(data, 'library.db', 'DELETE FROM images WHERE sha256 = ?', sha256)
  changeVectors(data, (vectors) => vectors.remove(row))
  loseFile(sha256)
}

async function backedUp() {
  const { port } = server.address() as AddressInfo
  const options = {
    server: { url: `http://127.0.0.1:${port}`, apiKey: undefined },
    version: '0.0.0',
  }
  const report = await backUp(loadConfig({ DATA_DIR: data }), join(folder, 'backup'), options)
  const target = join(folder, 'target')
  await restore(loadConfig({ DATA_DIR: target }), join(folder, 'backup'), { replace: false })
  const kept = sql(target, 'library.db', 'SELECT sha256 FROM images ORDER BY row').map(
    (row) => row['sha256'],
  )
  return { ...report, kept }
}

test('a picture that is deleted before its file was copied is wholly out, and one that was lost is told', async () => {
  const [lost, deleted, ...others] = hashes()
  loseFile(lost!)
  afterwards = (copy) => {
    if (copy === 1) deletePicture(deleted!)
  }
  expect(await backedUp()).toMatchObject({ images: 5, gone: [lost], kept: [lost, ...others] })
  expect(copies).toBe(3)
})

test('of a library whose pictures come and go faster than they are copied, those that went are left out', async () => {
  const before = hashes()
  beforehand = (copy) => addPicture(`gone-${copy}`)
  afterwards = (copy) => deletePicture(sha256Of(`gone-${copy}`))
  expect(await backedUp()).toMatchObject({ images: 6, gone: [], kept: before })
  expect(copies).toBe(6)
})
