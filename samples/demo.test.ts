import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImagePage, SearchResponse } from '@lookalike/sdk'
import { expect, test } from 'vitest'
import { npm } from '../server/test/support/npm.ts'
import { startProcess } from '../server/test/support/process.ts'
import { getJson, postForm } from '../server/test/support/server.ts'

// Windows has no signals, and another npm.
test.skipIf(process.platform === 'win32')(
  'the demo is ready when all samples are in, and starts again without indexing them',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lookalike-demo-'))
    // A key set for real work must not be billed for sample pictures.
    const env = {
      OPENAI_API_KEY: 'sk-never-used',
      QDRANT_URL: 'http://127.0.0.1:9',
      DATA_DIR: join(folder, 'data'),
      HOME: folder,
    }
    try {
      const first = await npm(['run', 'demo'], env)
      expect(first.output()).toMatch(
        /Indexing 72 sample pictures[^]*Indexed 12 of 72[^]*Indexed 72 of 72[^]*Lookalike is ready/,
      )
      expect(await (await fetch(first.url!)).text()).toContain('<script')
      const { body } = await getJson<ImagePage>(`${first.url}/api/images?limit=1000`)
      expect(body.images).toHaveLength(72)
      const newest = body.images.slice(0, 12)
      expect(
        new Set(newest.map(({ image_uri }) => image_uri.replace(/_[a-z]+.png$/, ''))).size,
      ).toBe(12)
      const [fox] = body.images.filter(({ image_uri }) => image_uri.endsWith('/fox_flat.png'))
      expect(fox!.metadata).toMatchObject({ type: 'output', category: 'animal', style: 'flat' })
      const similar = await getJson<SearchResponse>(`${first.url}/api/images/${fox!.id}/similar`)
      expect(similar.body.results).toHaveLength(10)
      await expectAnswersOfGraphPage(first.url!)
      process.kill(first.pid, 'SIGTERM')
      await first.ended
      await expect(fetch(first.url!)).rejects.toThrow()

      // Nothing holds DATA_DIR any more.
      const second = await startProcess(env, folder, 'samples/demo.ts')
      // Tests that run meanwhile may make the page out of date.
      expect(second.output().replace(/^Building the page.*\n/, '')).toMatch(/^Lookalike is ready/)
      await second.kill('SIGTERM')
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
  120_000,
)

/** The queries of docs/graph.md, each with the answer that is printed below it; the last goes with a picture. */
async function expectAnswersOfGraphPage(url: string): Promise<void> {
  const page = await readFile(join(import.meta.dirname, '../docs/graph.md'), 'utf8')
  const pairs = [...page.matchAll(/```(?:sparql|sh)\n((?:(?!```)[^])*)```\n\n```csv\n([^]*?)```/g)]
  expect(pairs).toHaveLength(5)
  for (const [, query, answer] of pairs.slice(0, 4)) {
    const address = `${url}/api/kg/sparql?query=${encodeURIComponent(query!)}`
    const response = await fetch(address, { headers: { accept: 'text/csv' } })
    expect((await response.text()).replaceAll('\r', '')).toBe(answer)
  }
  const [, command, answer] = pairs[4]!
  const sparql = /sparql=([^]*)'/.exec(command!)![1]!
  const { body } = await getJson<ImagePage>(`${url}/api/images?limit=1000`)
  const fox = body.images.find(({ image_uri }) => image_uri.endsWith('/fox_watercolour.png'))!
  const picture = new Uint8Array(await (await fetch(fox.image_url!)).arrayBuffer())
  const fields = { limit: '3', sparql }
  const found = await postForm<SearchResponse>(`${url}/api/images/search-similar`, picture, fields)
  // Which pictures may be found is the graph's word; in which order, the embedder's.
  const rows = found.body.results.map(({ image_uri }) => image_uri).toSorted()
  expect(rows).toEqual(answer!.trim().split('\n').slice(1).toSorted())
}
