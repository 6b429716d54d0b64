import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeFileStore } from '../contract.ts'
import { openDiskFiles } from './index.ts'

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
