import type { Health } from '@lookalike/sdk'
import { expect, test } from 'vitest'
import { FakeQdrant } from './fakes/qdrant.ts'
import { jpeg } from './support/pictures.ts'
import { getJson, startServer } from './support/server.ts'

test('without its database it starts, says so, and recovers without a restart', async () => {
  const qdrant = await new FakeQdrant().start()
  await qdrant.stop()
  const server = await startServer({ QDRANT_URL: qdrant.url })

  const began = performance.now()
  const away = await server.search(await jpeg(1))
  expect(performance.now() - began).toBeLessThan(3000)
  expect([away.status, away.body.code]).toEqual([503, 'store_unavailable'])
  expect(away.body.detail).toContain('docker run')
  expect(Number(away.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(await server.uploads()).toEqual([])
  expect((await fetch(`${server.url}/readyz`)).status).toBe(503)
  expect((await fetch(`${server.url}/livez`)).status).toBe(200)
  const health = await fetch(`${server.url}/api/health`)
  expect([health.status, ((await health.json()) as Health).status]).toEqual([503, 'unavailable'])
  expect((await getJson<{ images: null }>(`${server.url}/api/info`)).body.images).toBeNull()

  await qdrant.start()
  const indexed = await server.index(await jpeg(1), { image_uri: 'http://example.org/1' })
  expect(indexed.status).toBe(201)
  const back = await server.search(await jpeg(1))
  expect([back.status, back.body.results[0]?.image_uri]).toEqual([200, 'http://example.org/1'])
  expect(qdrant.violations).toEqual([])
  await server.stop()
  await qdrant.stop()
})
