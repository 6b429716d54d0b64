import { existsSync, statSync } from 'node:fs'
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { describeFileStore } from '../conformance/files/file-store.ts'
import openDiskFiles from '../../src/files/disk/index.ts'

describeFileStore('disk', async () => {
  const root = await mkdtemp(join(tmpdir(), 'lookalike-disk-'))
  return {
    files: openDiskFiles(root),
    reopen: async () => openDiskFiles(root),
    dispose: () => rm(root, { recursive: true }),
  }
})

test('says so when its folder is gone', async () => {
  const root = await mkdtemp(join(tmpdir(), 'lookalike-disk-'))
  const files = openDiskFiles(root)
  await rm(root, { recursive: true })
  const { status, detail } = await files.health()
  expect(status).toBe('unavailable')
  expect(detail).toMatch(/DATA_DIR/)
  expect(detail).not.toContain(root)
})

/** A folder in memory, which most Linux systems have, lies on another disk than one of temporary files. */
const memory = '/dev/shm'
const isApart = existsSync(memory) && statSync(memory).dev !== statSync(tmpdir()).dev

test.skipIf(!isApart)('takes a file from another disk', async () => {
  const root = await mkdtemp(join(tmpdir(), 'lookalike-disk-'))
  const elsewhere = await mkdtemp(join(memory, 'lookalike-disk-'))
  const files = openDiskFiles(root)
  const sha256 = 'ab'.repeat(32)
  await writeFile(join(elsewhere, 'upload'), 'a picture')
  await files.put('original', sha256, join(elsewhere, 'upload'))
  expect(await text((await files.read('original', sha256))!.stream)).toBe('a picture')
  expect(await readdir(elsewhere)).toEqual([])
  expect(await readdir(join(root, 'staging'))).toEqual([])
  await Promise.all([root, elsewhere].map((folder) => rm(folder, { recursive: true })))
})

test.skipIf(!isApart)(
  'refuses what it cannot move to its place, and keeps the upload',
  async () => {
    const root = await mkdtemp(join(tmpdir(), 'lookalike-disk-'))
    const elsewhere = await mkdtemp(join(memory, 'lookalike-disk-'))
    const files = openDiskFiles(join(root, 'files'))
    await symlink(elsewhere, join(root, 'files', 'originals'))
    await writeFile(join(root, 'upload'), 'a picture')
    const put = files.put('original', 'ab'.repeat(32), join(root, 'upload'))
    await expect(put).rejects.toMatchObject({ code: 'EXDEV' })
    expect(await readdir(root)).toContain('upload')
    expect(await readdir(join(root, 'files', 'staging'))).toEqual([])
    await Promise.all([root, elsewhere].map((folder) => rm(folder, { recursive: true })))
  },
)
