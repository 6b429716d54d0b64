import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type LibraryMap } from '@lookalike/sdk'
import sharp from 'sharp'
import { afterAll, expect, test, vi } from 'vitest'
import { FakeQdrant } from '../fakes/qdrant.ts'
import { picture } from '../support/pictures.ts'
import { startServer } from '../support/server.ts'

const qdrant = await new FakeQdrant().start()
afterAll(() => qdrant.stop())

const ready = (map: () => Promise<LibraryMap>, images: number) =>
  vi.waitFor(
    async () => {
      const found = await map()
      expect(found).toMatchObject({ phase: 'ready', placed: images, images })
      return found
    },
    { timeout: 15_000, interval: 50 },
  )

/** Blotches in eight shades, and circles of eight sizes. */
async function kinds(): Promise<{ kind: string; bytes: Buffer }[]> {
  const all = []
  for (let at = 0; at < 8; at++) {
    all.push({
      kind: 'blotch',
      bytes: await picture(7)
        .modulate({ hue: at * 4 })
        .png()
        .toBuffer(),
    })
    all.push({ kind: 'line', bytes: await circle(60 + at * 4) })
  }
  return all
}

async function circle(radius: number): Promise<Buffer> {
  const pixels = Buffer.alloc(300 * 240, 255)
  for (let y = 0; y < 240; y++) {
    for (let x = 0; x < 300; x++) {
      if (Math.abs(Math.hypot(x - 150, y - 120) - radius) < 2) pixels[y * 300 + x] = 0
    }
  }
  return sharp(pixels, { raw: { width: 300, height: 240, channels: 1 } })
    .png()
    .toBuffer()
}

test.each([
  ['embedded', {}],
  ['qdrant', { STORE: 'qdrant', QDRANT_URL: qdrant.url }],
])('pictures alike lie near each other, and the map follows the library (%s)', async (_, env) => {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-map-'))
  const settings = { ...env, DATA_DIR: folder }
  const server = await startServer(settings)
  const client = createClient({ baseUrl: server.url })
  const kindOf = new Map<string, string>()
  for (const { kind, bytes } of await kinds()) {
    const { body } = await server.index(bytes)
    kindOf.set(body.id, kind)
  }
  const first = await client.map()
  expect(['laying_out', 'placing', 'ready']).toContain(first.phase)
  const map = await ready(() => client.map(), 16)
  const at = (index: number) => [map.x[index]!, map.y[index]!] as const
  const distance = (a: number, b: number) => Math.hypot(at(a)[0] - at(b)[0], at(a)[1] - at(b)[1])
  let same = 0
  map.ids.forEach((id, index) => {
    const others = map.ids.map((_id, other) => other).filter((other) => other !== index)
    const nearest = others.reduce((a, b) => (distance(index, a) <= distance(index, b) ? a : b))
    if (kindOf.get(map.ids[nearest]!) === kindOf.get(id)) same++
  })
  expect(same).toBeGreaterThanOrEqual(14)
  for (const value of [...map.x, ...map.y]) expect(value >= 0 && value <= map.size).toBe(true)

  const answer = await fetch(`${server.url}/api/map`)
  await answer.text()
  const headers = { 'if-none-match': answer.headers.get('etag')! }
  expect((await fetch(`${server.url}/api/map`, { headers })).status).toBe(304)
  const page = await client.map({ limit: 10 })
  const rest = await client.map({ limit: 10, cursor: page.next_cursor! })
  expect([...page.ids, ...rest.ids]).toEqual(map.ids)

  const [gone] = map.ids
  await client.remove(gone!)
  const { body: added } = await server.index(await picture(9).png().toBuffer())
  await client.map()
  const later = await ready(() => client.map(), 16)
  expect(later.ids).not.toContain(gone)
  const where = later.ids.indexOf(added.id)
  expect(later.versions[where]).toBe(added.sha256!.slice(0, 16))
  expect(later.version).not.toBe(map.version)
  const kept = map.ids[1]!
  expect(later.x[later.ids.indexOf(kept)]).toBe(map.x[1])
  expect((await fetch(`${server.url}/api/map`, { headers })).status).toBe(200)

  await server.stop()
  const again = await startServer(settings)
  const found = await createClient({ baseUrl: again.url }).map()
  expect(found).toMatchObject({ ids: later.ids, x: later.x, y: later.y })
  await again.stop()
  await rm(folder, { recursive: true })
})

test('an empty library has an empty map', async () => {
  const server = await startServer()
  const client = createClient({ baseUrl: server.url })
  await client.map()
  expect(await ready(() => client.map(), 0)).toMatchObject({ ids: [], next_cursor: null })
  await server.stop()
})
