import type { DuplicateGroupPage, ImagePage, ImageRecord } from '@lookalike/sdk'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { havePhotos, photos, picture } from '../support/pictures.ts'
import { getJson, startServer, type TestServer } from '../support/server.ts'

describe('the same picture more than once', () => {
  let server: TestServer
  let query: Buffer
  const detailed = (seed: number, width: number) => picture(seed, width, (width * 3) / 4, 24)
  const byName = new Map<string, ImageRecord>()
  const id = (name: string) => byName.get(name)!.id
  beforeAll(async () => {
    server = await startServer()
    query = await detailed(1, 640).jpeg().toBuffer()
    const plain = (background: string) =>
      sharp({ create: { width: 64, height: 64, channels: 3, background } })
        .png()
        .toBuffer()
    const files: Record<string, Buffer> = {
      small: await detailed(1, 160).jpeg({ quality: 40 }).toBuffer(),
      large: await detailed(1, 640).jpeg().toBuffer(),
      'large again': await detailed(1, 640).jpeg().toBuffer(),
      webp: await detailed(1, 320).webp({ quality: 70 }).toBuffer(),
      other: await detailed(2, 320).jpeg().toBuffer(),
      'other again': await detailed(2, 320).jpeg().toBuffer(),
      single: await detailed(3, 320).jpeg().toBuffer(),
      red: await plain('#f00'),
      blue: await plain('#00f'),
    }
    for (const [name, bytes] of Object.entries(files)) {
      const image_uri = `https://example.org/${encodeURIComponent(name)}`
      byName.set(name, (await server.index(bytes, { image_uri })).body)
    }
  })
  afterAll(() => server.stop())

  test('has a hash that says so; a plain picture has none', () => {
    expect(byName.get('large')!.phash).toMatch(/^[0-9a-f]{16}$/)
    expect(byName.get('large again')!.phash).toBe(byName.get('large')!.phash)
    expect(byName.get('red')!.phash).toBe('')
  })

  test('is named in lists and results, as a duplicate of its best copy', async () => {
    const list = (await getJson<ImagePage>(`${server.url}/api/images?limit=100`)).body.images
    const expected = {
      small: { id: id('large'), kind: 'near_duplicate' },
      large: null,
      'large again': { id: id('large'), kind: 'identical' },
      webp: { id: id('large'), kind: 'near_duplicate' },
      other: null,
      'other again': { id: id('other'), kind: 'identical' },
      single: null,
      red: null,
      blue: null,
    }
    const said = (images: { id: string; duplicate_of: unknown }[]) =>
      Object.fromEntries(
        [...byName.keys()].map((name) => [
          name,
          images.find((image) => image.id === id(name))!.duplicate_of,
        ]),
      )
    expect(said(list)).toMatchObject(expected)
    expect(said((await server.search(query)).body.results)).toMatchObject(expected)
    // A page of which the better copy is no part knows of it as well.
    const filter = JSON.stringify({ must: [{ key: 'image_uri', match: { value: 'https://example.org/small' } }] }) // prettier-ignore
    const page = await getJson<ImagePage>(
      `${server.url}/api/images?${new URLSearchParams({ filter })}`,
    )
    expect(page.body.images.map((image) => image.duplicate_of)).toMatchObject([expected.small])
  })

  test('is shown once when duplicates are hidden', async () => {
    const found = async (fields: Record<string, string>) =>
      (await server.search(query, fields)).body.results.map((result) => result.id)
    const hidden = await found({ hide_duplicates: 'true' })
    expect(hidden.toSorted()).toEqual(
      ['large', 'other', 'single', 'red', 'blue'].map(id).toSorted(),
    )
    expect(hidden[0]).toBe(id('large'))
    expect(await found({ hide_duplicates: 'true', limit: '2' })).toEqual(hidden.slice(0, 2))
    expect(await found({})).toHaveLength(9)
    const like = `${server.url}/api/images/${id('single')}/similar?hide_duplicates=true&limit=10`
    const { results } = (await getJson<{ results: { id: string }[] }>(like)).body
    expect(results.map((result) => result.id)).toHaveLength(4)
  })

  test('is listed in groups with the copy to keep', async () => {
    const groups = (query: string) =>
      getJson<DuplicateGroupPage>(`${server.url}/api/duplicates${query}`)
    const { body } = await groups('')
    expect(body).toMatchObject({ total_groups: 2, total_duplicates: 4, next_cursor: null })
    const told = body.groups.map(({ keeper, duplicates }) => ({
      keeper: keeper.id,
      duplicates: Object.fromEntries(duplicates.map(({ kind, image }) => [image.id, kind])),
    }))
    expect(told).toEqual([
      {
        keeper: id('large'),
        duplicates: {
          [id('large again')]: 'identical',
          [id('webp')]: 'near_duplicate',
          [id('small')]: 'near_duplicate',
        },
      },
      { keeper: id('other'), duplicates: { [id('other again')]: 'identical' } },
    ])
    await server.groups()
    const all = (await groups('')).body
    const first = await groups('?limit=1')
    const second = await groups(`?limit=1&cursor=${first.body.next_cursor}`)
    expect([...first.body.groups, ...second.body.groups]).toEqual(all.groups)
    expect((await groups('?cursor=x')).body.code).toBe('invalid_parameter')
  })
})

test.skipIf(!havePhotos)(
  'photographs are found again after what usually happens to them, and no two are mixed up',
  async () => {
    const server = await startServer()
    const originals = photos('caltech101', 1)
    for (const { name, bytes } of originals) {
      await server.index(bytes, { image_uri: `urn:original:${name}` })
      const copy = await sharp(bytes).resize(200).webp({ quality: 60 }).toBuffer()
      await server.index(copy, { image_uri: `urn:copy:${name}` })
    }
    const { body } = await getJson<DuplicateGroupPage>(`${server.url}/api/duplicates?limit=1000`)
    expect(body.total_groups).toBe(originals.length)
    for (const { keeper, duplicates } of body.groups) {
      const names = [keeper, ...duplicates.map(({ image }) => image)].map(({ image_uri }) => image_uri.replace(/^urn:\w+:/, '')) // prettier-ignore
      expect(new Set(names).size).toBe(1)
    }
    await server.stop()
  },
)
