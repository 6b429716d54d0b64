import type { ImageRecord } from '@lookalike/sdk'
import { crc32 } from 'node:zlib'
import sharp from 'sharp'
import { afterEach, describe, expect, test } from 'vitest'
import { codedPicture, heifFile } from '../images/making/heif-file.ts'
import { picture } from '../support/pictures.ts'
import { getJson, sendJson, startServer, type TestServer } from '../support/server.ts'

const exif = {
  IFD0: { Make: 'Canon', Model: 'Canon EOS 5D' },
  IFD2: { DateTimeOriginal: '2020:05:01 12:00:00', OffsetTimeOriginal: '+02:00' },
  IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 6/1 0/1', GPSLongitudeRef: 'W', GPSLongitude: '11/1 30/1 0/1' }, // prettier-ignore
}
const facts = { taken: '2020-05-01T12:00:00+02:00', camera: 'Canon EOS 5D' }
const place = { latitude: 48.1, longitude: -11.5 }

const xmp = (inner: string) =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4">${inner}</rdf:Description></rdf:RDF></x:xmpmeta>`

const photograph = (seed = 1) => picture(seed, 64, 48).withExif(exif)

let server: TestServer | undefined
afterEach(async () => {
  await server?.stop()
  server = undefined
})

async function withSetting(EMBEDDED_METADATA?: string): Promise<TestServer> {
  server = await startServer(EMBEDDED_METADATA ? { EMBEDDED_METADATA } : {})
  return server
}

const uri = { image_uri: 'https://example.org/1' }

test('by default a picture is not asked what it says of itself', async () => {
  const { index } = await withSetting()
  expect((await index(await photograph().jpeg().toBuffer())).body.metadata).toEqual({})
  const { body } = await index(await photograph(2).jpeg().toBuffer(), { metadata: '{"a":1}' })
  expect(body.metadata).toEqual({ a: 1 })
})

test('where it was taken becomes metadata only where all is asked for', async () => {
  const file = await photograph().jpeg().toBuffer()
  const { index } = await withSetting('without-location')
  expect((await index(file)).body.metadata).toEqual(facts)
  await server!.stop()
  const all = await withSetting('all')
  expect((await all.index(file)).body.metadata).toEqual({ ...facts, ...place })
})

test('a setting that does not exist is refused, with those that do', async () => {
  await expect(withSetting('gps')).rejects.toThrow(/EMBEDDED_METADATA.*none, without-location, or all/) // prettier-ignore
})

describe('with all that pictures say', () => {
  test.each(['jpeg', 'png', 'webp', 'avif'] as const)('%s', async (format) => {
    const { index } = await withSetting('all')
    const { status, body } = await index(await photograph().toFormat(format).toBuffer())
    expect(status).toBe(201)
    expect(body.metadata).toEqual({ ...facts, ...place })
    const stored = await getJson<ImageRecord>(`${server!.url}/api/images/${body.id}`)
    expect(stored.body.metadata).toEqual({ ...facts, ...place })
  })

  test('heic', async () => {
    const { exif: block } = await sharp(await photograph().jpeg().toBuffer()).metadata()
    const { index } = await withSetting('all')
    const { status, body } = await index(heifFile([codedPicture()], { exif: block!.subarray(6) }))
    expect(status).toBe(201)
    expect(body.metadata).toEqual({ ...facts, ...place })
  })

  test('behind a picture of megabytes, as WebP and TIFF have it', async () => {
    const size = { width: 1200, height: 900, channels: 3, noise: { type: 'gaussian', mean: 128, sigma: 60 } } as const // prettier-ignore
    const noise = sharp({ create: { ...size, background: 'red' } })
    // Of a TIFF, libvips writes no EXIF.
    const written = noise.withExif(exif).withXmp(xmp(''))
    const { index } = await withSetting('without-location')
    for (const [format, said] of [
      ['webp', { ...facts, rating: 4 }],
      ['tiff', { rating: 4 }],
    ] as const) {
      // prettier-ignore
      const file = await written.clone().toFormat(format, { quality: 100 }).toBuffer()
      expect(file.length).toBeGreaterThan(1e6)
      expect((await index(file)).body.metadata).toEqual(said)
    }
  })

  test('keywords, title, caption and rating, in words that can be searched for', async () => {
    const { index, url } = await withSetting('without-location')
    const words = xmp(
      '<dc:subject><rdf:Bag><rdf:li>sea</rdf:li><rdf:li>föhn</rdf:li></rdf:Bag></dc:subject>' +
        '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">A title</rdf:li></rdf:Alt></dc:title>' +
        '<dc:description><rdf:Alt><rdf:li xml:lang="x-default">What it shows</rdf:li></rdf:Alt></dc:description>',
    )
    const { body } = await index(await picture(1).withXmp(words).jpeg().toBuffer())
    const said = {
      keywords: ['sea', 'föhn'],
      title: 'A title',
      caption: 'What it shows',
      rating: 4,
    }
    expect(body.metadata).toEqual(said)
    const filter = { must: [{ key: 'keywords', match: { value: 'föhn' } }] }
    const found = await getJson<{ images: ImageRecord[] }>(`${url}/api/images?filter=${encodeURIComponent(JSON.stringify(filter))}`) // prettier-ignore
    expect(found.body.images.map(({ id }) => id)).toEqual([body.id])
  })
})

describe('what somebody gave or changed', () => {
  const given = { metadata: '{"camera":"my old one","a":1}' }
  const both = { taken: facts.taken, camera: 'my old one', a: 1 }

  test('wins key by key, and the same request again changes nothing', async () => {
    const { index } = await withSetting('without-location')
    const file = await photograph().jpeg().toBuffer()
    const first = await index(file, { ...uri, ...given })
    expect(first.body.metadata).toEqual(both)
    const again = await index(file, { ...uri, ...given })
    expect(again).toMatchObject({ status: 200, body: { metadata: both } })
    expect(again.body.indexed_at).toBe(first.body.indexed_at)
  })

  test('stays when the picture comes again, be it the same or another', async () => {
    const { index, url } = await withSetting('without-location')
    const file = await photograph().jpeg().toBuffer()
    const { id } = (await index(file, uri)).body
    await sendJson('PATCH', `${url}/api/images/${id}`, { metadata: { mine: 1 } })
    expect((await index(file, uri)).body.metadata).toEqual({ mine: 1 })
    const other = await photograph(2).jpeg().toBuffer()
    expect((await index(other, uri)).body.metadata).toEqual({ mine: 1 })
  })

  test('stays where metadata is given anew for the same picture', async () => {
    const { index, url } = await withSetting('without-location')
    const file = await photograph().jpeg().toBuffer()
    const { id } = (await index(file, uri)).body
    const edited = { taken: 'in the spring of 2020', other: true }
    await sendJson('PATCH', `${url}/api/images/${id}`, { metadata: edited })
    const anew = await index(file, { ...uri, metadata: '{"a":1}' })
    expect(anew.body.metadata).toEqual({ taken: edited.taken, a: 1 })
  })

  test('is completed by another picture, which has a date of its own', async () => {
    const { index } = await withSetting('without-location')
    await index(await photograph().jpeg().toBuffer(), { ...uri, ...given })
    const later = { ...exif, IFD2: { DateTimeOriginal: '2021:06:02 08:00:00' } }
    const other = await picture(2, 64, 48).withExif(later).jpeg().toBuffer()
    const { body } = await index(other, { ...uri, ...given })
    expect(body.metadata).toEqual({ ...both, taken: '2021-06-02T08:00:00' })
  })

  test('is all there is where the caller asks for that', async () => {
    const { index } = await withSetting('all')
    const file = await photograph().jpeg().toBuffer()
    const { body } = await index(file, { ...uri, ...given, embedded_metadata: 'false' })
    expect(body.metadata).toEqual({ camera: 'my old one', a: 1 })
    const refused = await index(file, { embedded_metadata: 'perhaps' })
    expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_parameter' } })
  })
})

describe('a picture comes in whatever it says of itself', () => {
  test.each([
    ['XML that no parser likes', '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF'],
    ['megabytes of it, so nested that reading takes more memory than there is for it', `<x:xmpmeta xmlns:x="adobe:ns:meta/">${'<a>'.repeat(400_000)}`], // prettier-ignore
  ])('%s', async (_, text) => {
    const { index } = await withSetting('all')
    const file = withText(await picture(1, 64, 48).png().toBuffer(), text)
    // The one behind it waits for the same thread.
    const [hostile, plain] = await Promise.all([
      index(file),
      index(await photograph(2).jpeg().toBuffer()),
    ])
    expect(hostile).toMatchObject({ status: 201, body: { metadata: {} } })
    expect(plain).toMatchObject({ status: 201, body: { metadata: facts } })
  })

  test('keywords without end are cut, and characters that cannot be kept left out', async () => {
    const { index } = await withSetting('all')
    const many = Array.from({ length: 5000 }, (_, at) => `<rdf:li>${at}</rdf:li>`).join('')
    const words = xmp(`<dc:subject><rdf:Bag>${many}</rdf:Bag></dc:subject>`)
    const file = withText(await picture(1, 64, 48).png().toBuffer(), words)
    const { status, body } = await index(file)
    expect(status).toBe(201)
    expect(body.metadata['keywords']).toHaveLength(500)
    const torn = { IFD0: { Model: `${'x'.repeat(7999)}😀` } }
    const other = await index(await picture(2, 64, 48).withExif(torn).jpeg().toBuffer())
    expect(other.status).toBe(201)
    expect(other.body.metadata['camera']).toMatch(/^x{7999}\P{Surrogate}?$/u)
  })
})

/** A PNG with XMP in it, as it stands. */
function withText(png: Buffer, text: string): Buffer {
  const body = Buffer.concat([Buffer.from('iTXtXML:com.adobe.xmp\0\0\0\0\0'), Buffer.from(text)])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(body.length - 4)
  checksum.writeUInt32BE(crc32(body))
  const header = 33
  return Buffer.concat([png.subarray(0, header), length, body, checksum, png.subarray(header)])
}
