import type { Health, ImagePage, ImageRecord, Info } from '@lookalike/sdk'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fileKinds } from '../../src/files/file-store.ts'
import { jpeg, picture } from '../support/pictures.ts'
import { recordOf } from '../support/records.ts'
import { getJson, startServer, type TestServer } from '../support/server.ts'

describe('the library', () => {
  let server: TestServer
  beforeEach(async () => {
    server = await startServer()
  })
  afterEach(() => server.stop())

  const record = (id: string) => getJson<ImageRecord>(`${server.url}/api/images/${id}`)

  test('indexes a picture and gives its record back', async () => {
    const bytes = await jpeg(1)
    const fields = { image_uri: ' https://example.org/a.jpg ', metadata: '{"category":"art"}' }
    const { status, body } = await server.index(bytes, fields)
    expect(status).toBe(201)
    expect(body).toMatchObject({
      image_uri: 'https://example.org/a.jpg',
      metadata: { category: 'art' },
      format: 'jpeg',
      width: 320,
      height: 240,
      bytes: bytes.length,
    })
    expect(body.thumbhash).toMatch(/^[A-Za-z0-9+/]{20,36}={0,2}$/)
    expect(body).toMatchObject({ cached: false, usage: { calls: 0 }, timings_ms: {} })
    expect((await record(body.id)).body).toEqual(recordOf(body))
    const file = await fetch(body.image_url!)
    expect(Buffer.from(await file.arrayBuffer())).toEqual(bytes)
  })

  test('a picture indexed before there were tiny previews gets one when it is sent again', async () => {
    const bytes = await jpeg(1)
    const { body } = await server.index(bytes)
    const { store } = server.services.deps
    const [stored] = await store.getWithVectors([body.id])
    const { thumbhash: _, ...file } = stored!.file!
    await store.upsert([{ ...stored!, file }])
    expect((await record(body.id)).body.thumbhash).toBeNull()
    const again = await server.index(bytes)
    expect([again.status, again.body.cached]).toEqual([200, true])
    expect((await record(body.id)).body.thumbhash).toBe(body.thumbhash)
  })

  test('mints a URI that leads to the picture when none is given', async () => {
    const { body } = await server.index(await jpeg(1))
    expect(body.image_uri).toMatch(new RegExp(`/images/${body.sha256}$`))
    const file = await fetch(`${server.url}/images/${body.sha256}`)
    expect([file.status, file.headers.get('content-type')]).toEqual([200, 'image/jpeg'])
  })

  test('indexing again changes only what is new', async () => {
    const fields = { image_uri: 'https://example.org/a', metadata: '{"a":1}', description: 'mine' }
    const first = await server.index(await jpeg(1), fields)
    expect(first.body.description).toBe('mine')
    const again = await server.index(await jpeg(1), fields)
    expect([again.status, again.body.cached]).toEqual([200, true])
    expect(recordOf(again.body)).toEqual(recordOf(first.body))
    const edited = await server.index(await jpeg(1), { ...fields, metadata: '{"a":2}' })
    expect(recordOf(edited.body)).toEqual({ ...recordOf(first.body), metadata: { a: 2 } })
    const replaced = await server.index(await jpeg(2), { image_uri: fields.image_uri })
    expect(replaced.status).toBe(200)
    expect(replaced.body).toMatchObject({ id: first.body.id, metadata: { a: 2 } })
    expect(replaced.body.sha256).not.toBe(first.body.sha256)
    expect((await server.search(await jpeg(2))).body.total_found).toBe(1)
  })

  test('a small JPEG is its own thumbnail', async () => {
    const small = await jpeg(1)
    const { body } = await server.index(small)
    const thumbnail = await fetch(body.thumbnail_url!)
    expect(thumbnail.headers.get('content-type')).toBe('image/jpeg')
    expect(Buffer.from(await thumbnail.arrayBuffer()).equals(small)).toBe(true)
    const { files } = server.services.deps
    expect(await files.read('thumbnail', body.sha256!)).toBeNull()
    const png = await picture(2).png().toBuffer()
    const other = await server.index(png)
    const made = await fetch(other.body.thumbnail_url!)
    expect(made.headers.get('content-type')).toBe('image/webp')
  })

  describe('thumbnails in sizes', () => {
    const sized = async (link: string, size: number) => {
      const answer = await fetch(`${link}&size=${size}`)
      const bytes = Buffer.from(await answer.arrayBuffer())
      const { width, height } = await sharp(bytes).metadata()
      return { answer, bytes, width, height, type: answer.headers.get('content-type') }
    }
    const large = () => picture(1, 2000, 1000, 24).png().toBuffer()

    test('are made when asked for, never larger than the picture, and kept', async () => {
      const { body } = await server.index(await large())
      const { files } = server.services.deps
      expect(await files.size('thumbnail-768', body.sha256!)).toBeNull()
      const [first, ...others] = await Promise.all([768, 768, 768].map((size) => sized(body.thumbnail_url!, size))) // prettier-ignore
      expect(first).toMatchObject({ width: 768, height: 384, type: 'image/webp' })
      for (const { bytes } of others) expect(bytes).toEqual(first!.bytes)
      expect(await files.size('thumbnail-768', body.sha256!)).toBe(first!.bytes.length)
      expect(await sized(body.thumbnail_url!, 1536)).toMatchObject({ width: 1536, height: 768 })
      expect(await sized(body.thumbnail_url!, 2560)).toMatchObject({ width: 2000, height: 1000 })
      expect(await sized(body.thumbnail_url!, 384)).toMatchObject({ width: 384, height: 192 })
      const headers = { 'if-none-match': first!.answer.headers.get('etag')! }
      expect((await fetch(`${body.thumbnail_url}&size=768`, { headers })).status).toBe(304)
      expect((await fetch(`${body.thumbnail_url}&size=1536`, { headers })).status).toBe(200)
      await fetch(`${server.url}/api/images/${body.id}`, { method: 'DELETE' })
      for (const kind of fileKinds) expect(await files.size(kind, body.sha256!)).toBeNull()
    })

    test('of a small picture are the ones that there are', async () => {
      const { body } = await server.index(await picture(2, 500, 300).png().toBuffer())
      const largest = await sized(body.thumbnail_url!, 2560)
      expect(largest).toMatchObject({ width: 500, height: 300 })
      const { files } = server.services.deps
      expect(await files.size('thumbnail-2560', body.sha256!)).toBeNull()
      expect(await files.size('thumbnail-768', body.sha256!)).toBe(largest.bytes.length)
      const smooth = await jpeg(3, 1200, 900)
      const other = await server.index(smooth)
      expect((await sized(other.body.thumbnail_url!, 1536)).bytes).toEqual(smooth)
    })

    test('of other sizes are refused, and of a file that is lost there are none', async () => {
      const { body } = await server.index(await large())
      expect((await getJson(`${body.thumbnail_url}&size=500`)).status).toBe(400)
      await server.services.deps.files.delete(body.sha256!)
      const lost = await getJson(`${body.thumbnail_url}&size=768`)
      expect([lost.status, lost.body.code]).toEqual([404, 'not_found'])
    })
  })

  test('files are kept for ever under the address of their bytes, and never run as anything', async () => {
    const fields = { image_uri: 'https://example.org/a' }
    const { body } = await server.index(await jpeg(1, 800, 600), fields)
    for (const [link, type] of [
      [body.image_url!, 'image/jpeg'],
      [body.thumbnail_url!, 'image/webp'],
      [`${body.thumbnail_url}&format=png`, 'image/png'],
    ] as const) {
      // prettier-ignore
      const { headers } = await fetch(link)
      expect(headers.get('cache-control')).toBe('private, max-age=31536000, immutable')
      expect(headers.get('content-type')).toBe(type)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toContain('sandbox')
      const again = await fetch(link, { headers: { 'if-none-match': headers.get('etag')! } })
      expect(again.status).toBe(304)
      const unversioned = await fetch(link.replace(/v=[^&]+/, ''))
      expect(unversioned.headers.get('cache-control')).toBe('private, no-cache')
    }
    const replaced = await server.index(await jpeg(2), fields)
    expect(replaced.body.image_url).not.toBe(body.image_url)
    const stale = await fetch(body.image_url!)
    expect(stale.headers.get('cache-control')).toBe('private, no-cache')
    await server.services.deps.files.delete(replaced.body.sha256!)
    const gone = await getJson(replaced.body.image_url!)
    expect([gone.status, gone.headers.get('cache-control')]).toEqual([404, null])
  })

  test('two requests for one new URI make one record', async () => {
    const fields = { image_uri: 'https://example.org/a' }
    const answers = await Promise.all([
      server.index(await jpeg(1), fields),
      server.index(await jpeg(1), fields),
    ])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 201])
  })

  test('deletes a record, and its file once no other record shares it', async () => {
    const one = (await server.index(await jpeg(1), { image_uri: 'https://example.org/1' })).body
    const two = (await server.index(await jpeg(1), { image_uri: 'https://example.org/2' })).body
    const remove = (id: string) => fetch(`${server.url}/api/images/${id}`, { method: 'DELETE' })
    expect((await remove(one.id)).status).toBe(204)
    expect((await record(one.id)).status).toBe(404)
    expect((await fetch(two.image_url!)).status).toBe(200)
    expect((await remove(two.id)).status).toBe(204)
    expect(await server.services.deps.files.read('original', one.sha256!)).toBeNull()
    expect((await server.search(await jpeg(1))).body.results).toEqual([])
    expect((await remove(two.id)).status).toBe(404)
  })

  test('replaces metadata', async () => {
    const { id } = (await server.index(await jpeg(1), { metadata: '{"a":1,"b":2}' })).body
    const patch = (body: unknown) =>
      getJson<ImageRecord>(`${server.url}/api/images/${id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    expect((await patch({ metadata: { b: 3 } })).body.metadata).toEqual({ b: 3 })
    expect((await record(id)).body.metadata).toEqual({ b: 3 })
    expect((await patch({ metadata: 'no object' })).body.code).toBe('invalid_parameter')
  })

  test('lists page by page, filtered', async () => {
    for (let seed = 0; seed < 7; seed++) {
      await server.index(await jpeg(seed, 32, 32), {
        image_uri: `https://example.org/${seed}`,
        metadata: JSON.stringify({ odd: seed % 2 === 1 }),
      })
    }
    const filter = encodeURIComponent('{"must":[{"key":"odd","match":{"value":false}}]}')
    const seen: string[] = []
    let cursor = ''
    do {
      const query = `limit=3&filter=${filter}${cursor && `&cursor=${cursor}`}`
      const { body } = await getJson<ImagePage>(`${server.url}/api/images?${query}`)
      seen.push(...body.images.map(({ image_uri }) => image_uri.at(-1)!))
      cursor = body.next_cursor ?? ''
    } while (cursor)
    expect(seen).toEqual(['6', '4', '2', '0'])
  })

  test('serves files so that browsers keep them and never run them', async () => {
    const { body } = await server.index(await jpeg(1))
    const first = await fetch(body.thumbnail_url!)
    expect(first.headers.get('x-content-type-options')).toBe('nosniff')
    expect(first.headers.get('content-security-policy')).toContain('sandbox')
    const etag = first.headers.get('etag')!
    const again = await fetch(body.thumbnail_url!, { headers: { 'if-none-match': etag } })
    expect(again.status).toBe(304)
  })

  test('says what runs here and how well', async () => {
    await server.index(await jpeg(1))
    const { body } = await getJson<Info>(`${server.url}/api/info`)
    expect(body).toMatchObject({
      store: 'embedded',
      images: 1,
      embedder: { describes: 'semantic', text: 'names' },
    })
    await expect
      .poll(async () => ((await (await fetch(`${server.url}/api/health`)).json()) as Health).status)
      .toBe('ok')
    expect((await fetch(`${server.url}/livez`)).status).toBe(200)
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    const api = await getJson<{ openapi: string }>(`${server.url}/openapi.json`)
    expect(api.body.openapi).toMatch(/^3\./)
  })
})
