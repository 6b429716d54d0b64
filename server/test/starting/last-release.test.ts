import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ImagePage, SearchResponse } from '@lookalike/sdk'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { getHealth, getJson, postForm, startServer, type TestServer } from '../support/server.ts'

/** A whole DATA_DIR of commit 841d097, with its sealed index, a snapshot and a statement of somebody's: five pictures. */
const archive = join(import.meta.dirname, 'made-by-0.1.0-841d097.tgz')

let folder: string
let server: TestServer
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  execFileSync('tar', ['-xzf', archive, '-C', folder])
  server = await startServer({ DATA_DIR: folder })
})
afterEach(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

test('what the last release kept is all there, found, shown and changed', async () => {
  const { url } = server
  const filter = encodeURIComponent(JSON.stringify({ must: [{ key: 'n', range: { gte: 4 } }] }))
  const { body } = await getJson<ImagePage>(`${url}/api/images?filter=${filter}`)
  expect(body.images.map(({ metadata }) => metadata['colour']).toSorted()).toEqual(['blue', 'green', 'grey', 'sand']) // prettier-ignore
  for (const { id, image_uri } of body.images) {
    const original = await fetch(`${url}/api/images/${id}/file`)
    expect(original.status).toBe(200)
    expect((await fetch(`${url}/api/images/${id}/thumbnail`)).status).toBe(200)
    const picture = Buffer.from(await original.arrayBuffer())
    const found = await postForm<SearchResponse>(`${url}/api/images/search-similar`, picture, {})
    expect(found.body.results[0]).toMatchObject({ image_uri })
    expect(found.body.results[0]!.score).toBeCloseTo(1, 5)
    const again = await postForm(`${url}/api/images/index`, picture, { image_uri })
    expect(again.status).toBe(200)
  }
  const query = encodeURIComponent('SELECT ?o { <https://example.org/red> <https://example.org/likes> ?o }') // prettier-ignore
  const said = await fetch(`${url}/api/kg/sparql?query=${query}`, { headers: { accept: 'text/csv' } }) // prettier-ignore
  expect(await said.text()).toContain('https://example.org/blue')
  const health = (await getHealth(url)).body
  expect(health.checks.store.status).toBe('ok')
  // It was made by an embedder that is not the newest: the library goes on with it, and health says what to do.
  expect(health.checks.embedder.detail).toMatch(/lookalike reindex/)
})
