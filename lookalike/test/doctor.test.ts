import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bringUpToDate, newestArchive, unpacked } from '../../server/test/support/kept-library.ts'
import { lookalike } from './support/command.ts'

test('doctor says by its exit code how a library is, and by JSON what was found', async () => {
  const { folder, remove } = await unpacked(newestArchive)
  await bringUpToDate(folder)
  for (const name of ['copies.db', 'vectors']) await rm(join(folder, name), { recursive: true })
  await rm(join(folder, 'files/thumbnails'), { recursive: true })
  const damaged = await lookalike(['doctor', '--data', folder])
  expect(damaged).toMatchObject({ code: 1, err: '' })
  expect(damaged.out).toMatch(/! files\/thumbnail_gone \(3\): [^]*With --repair 1 of/)
  const mended = await lookalike(['--json', 'doctor', '--quick', '--repair', '--data', folder])
  expect(mended.code).toBe(0)
  const found = [expect.objectContaining({ check: 'files', code: 'thumbnail_gone', count: 3 })]
  expect(JSON.parse(mended.out)).toMatchObject({
    data_dir: folder,
    status: 'whole',
    findings: found,
  })
  expect(await lookalike(['doctor', '--data', join(folder, 'nowhere')])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/There is no folder .*nowhere/),
  })
  await remove()
})
