import type { ImagePage, SearchResponse } from '@lookalike/sdk'
import { expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { examine } from '../../src/doctor/doctor.ts'
import { olderArchive, unpacked } from '../support/kept-library.ts'
import { getHealth, getJson, postForm, startServer } from '../support/server.ts'

test('what the first release kept is all there, found, shown, changed, and whole', async () => {
  const { folder, remove } = await unpacked(olderArchive)
  const server = await startServer({ DATA_DIR: folder })
  try {
    const { url } = server
    const filter = encodeURIComponent(JSON.stringify({ must: [{ key: 'n', range: { gte: 4 } }] }))
    const { body } = await getJson<ImagePage>(`${url}/api/images?filter=${filter}`)
    expect(body.images.map(({ metadata }) => metadata['colour']).toSorted()).toEqual([
      'blue',
      'green',
      'grey',
      'sand',
    ])
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
  } finally {
    await server.stop()
  }
  const config = loadConfig({ DATA_DIR: folder, PORT: '0' })
  const { findings } = await examine(config, { repair: false, quick: false })
  expect(findings).toEqual([])
  await remove()
})
