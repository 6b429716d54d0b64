import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import openVisual2Embedder from '../../src/embedders/visual/visual-2/index.ts'
import openDiskFiles from '../../src/files/disk/index.ts'
import { decodeImage } from '../../src/images/decode.ts'
import { recordId } from '../../src/records/record-id.ts'
import { openEmbeddedStore } from '../../src/stores/embedded/store.ts'
import { jpeg } from '../support/pictures.ts'
import { recordsAt, reindex, uri } from '../support/reindexing.ts'
import { getJson, sendJson, startServer } from '../support/server.ts'

/** A library as the built-in embedder's former version made it. */
async function leaveLibrary(dataDir: string, count: number): Promise<void> {
  const embedder = openVisual2Embedder()
  const library = { embedderId: embedder.id, dimensions: embedder.dimensions }
  const store = await openEmbeddedStore(dataDir, library)
  const files = openDiskFiles(join(dataDir, 'files'))
  const { signal } = new AbortController()
  for (let seed = 0; seed < count; seed++) {
    const bytes = await jpeg(seed)
    const image = await decodeImage(bytes, 100)
    const { vector, description } = await embedder.embedImage(image, { signal })
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    await files.put('original', sha256, bytes)
    await files.put('thumbnail', sha256, bytes)
    await store.upsert([
      {
        id: recordId(uri(seed)),
        imageUri: uri(seed),
        description,
        metadata: { seed },
        file: { sha256, ...image.source, bytes: bytes.length, phash: '' },
        embedderId: embedder.id,
        indexedAt: '2026-01-02T03:04:05.678Z',
        vector,
      },
    ])
  }
  await store.close()
}

test('a library made by visual:2 goes on as it is, and becomes one of visual:3 when asked', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'lookalike-second-'))
  await leaveLibrary(dataDir, 6)
  const server = await startServer({ DATA_DIR: dataDir, GRAPH: 'none' })
  const words = { query: 'duck', limit: 1 }
  try {
    const info = await getJson(`${server.url}/api/info`)
    expect(info.body).toMatchObject({
      embedder: { id: 'visual:2@512', text: 'none' },
      target_embedder: 'visual:3@224',
    })
    const before = await server.search(await jpeg(4, 160, 120), { limit: '1' })
    expect(before.body).toMatchObject({
      embedder: 'visual:2@512',
      results: [{ image_uri: uri(4) }],
    })
    const refused = await sendJson('POST', `${server.url}/api/images/search-text`, words)
    expect(refused).toMatchObject({ status: 422, body: { code: 'unsupported' } })
    await reindex(server.url)
    const after = await getJson(`${server.url}/api/info`)
    expect(after.body).toMatchObject({ embedder: { id: 'visual:3@224', text: 'names' } })
    const found = await server.search(await jpeg(4, 160, 120), { limit: '1' })
    expect(found.body).toMatchObject({ results: [{ image_uri: uri(4) }] })
    expect((await sendJson('POST', `${server.url}/api/images/search-text`, words)).status).toBe(200)
    for (const { embedder, description } of (await recordsAt(server.url)).values()) {
      expect(embedder).toBe('visual:3@224')
      expect(description).not.toBe('')
    }
  } finally {
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
})
