import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeImageStore } from '../contract.ts'
import { openEmbeddedStore } from './store.ts'

describeImageStore('embedded', async (library) => {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  return {
    store: await openEmbeddedStore(folder, library),
    reopen: (again) => openEmbeddedStore(folder, again),
    dispose: () => rm(folder, { recursive: true, force: true }),
  }
})
