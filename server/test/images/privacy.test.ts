import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readTags } from '@lookalike/embedded-metadata'
import type { FoundImages, ImageRecord } from '@lookalike/sdk'
import sharp, { type Metadata } from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeImage } from '../../src/images/decode.ts'
import { getJson, sendJson, startServer, type TestServer } from '../support/server.ts'
import { secret, stubbornFiles, tellingFiles } from './making/telling.ts'

const files = await tellingFiles()
const stubborn = await stubbornFiles()
const bytesOf = async (url: string) => Buffer.from(await (await fetch(url)).arrayBuffer())
const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')

/** What a reader, another reader, and a search for the words find. */
async function toldBy(bytes: Buffer): Promise<string[]> {
  const told = Object.keys(await readTags(bytes))
  const { exif, xmp, iptc, comments } = await sharp(bytes).metadata().catch(() => ({}) as Metadata) // prettier-ignore
  // One entry says how the picture is turned, and zeros say nothing.
  if (exif && exif.findLastIndex((byte) => byte !== 0) > 30) told.push('exif')
  if (xmp && !/^\s*$/.test(xmp.toString())) told.push('xmp')
  if (iptc) told.push('iptc')
  if (comments) told.push('comments')
  if (bytes.includes(secret)) told.push(secret)
  return told
}

test.each(Object.entries({ ...files, ...stubborn }))('%s tells, before', async (_name, bytes) => {
  expect(await toldBy(bytes)).not.toEqual([])
})

describe('thumbnails', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())

  test.each(Object.entries({ ...files, ...stubborn }))('of %s tell nothing', async (name, file) => {
    const { status, body } = await server.index(file, { image_uri: `urn:${hashOf(file)}` })
    expect(status, JSON.stringify(body)).toBe(201)
    for (const form of ['', '&size=768', '&format=png']) {
      const answer = await fetch(body.thumbnail_url! + form)
      const bytes = Buffer.from(await answer.arrayBuffer())
      expect([name, form, answer.status]).toEqual([name, form, 200])
      expect([name, form, await toldBy(bytes)]).toEqual([name, form, []])
      const { exif, format, width, height } = await sharp(bytes).metadata()
      expect([name, form, exif]).toEqual([name, form, undefined])
      expect(answer.headers.get('content-type')).toBe(`image/${format}`)
      expect(answer.headers.get('content-length')).toBe(String(bytes.length))
      const shape = (one: number, other: number) => Math.sign(one - other)
      expect([name, form, shape(width!, height!)]).toEqual([name, form, shape(body.width!, body.height!)]) // prettier-ignore
    }
    // The original is as it was sent.
    expect(hashOf(await bytesOf(body.image_url!))).toBe(hashOf(file))
  })
})

describe('with STRIP_METADATA', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer({ STRIP_METADATA: 'true', EMBEDDED_METADATA: 'without-location' })
  })
  afterAll(() => server.stop())

  test.each(Object.entries(files))(
    '%s is kept without what it tells, pixel for pixel',
    async (name, file) => {
      const uri = `urn:${hashOf(file)}`
      const { status, body } = await server.index(file, { image_uri: uri })
      expect(status, JSON.stringify(body)).toBe(201)
      const kept = await bytesOf(body.image_url!)
      expect([name, await toldBy(kept)]).toEqual([name, []])
      const [before, after] = [await decodeImage(file, 50), await decodeImage(kept, 50)]
      expect(Buffer.compare(before.rgb, after.rgb)).toBe(0)
      expect(after.source).toEqual(before.source)
      const pages = async (bytes: Buffer) => (await sharp(bytes).metadata()).pages
      expect(name !== 'gif' || (await pages(kept)) === (await pages(file))).toBe(true)
      // Known by what was sent, as long as what is kept.
      expect([body.sha256, body.bytes]).toEqual([hashOf(file), kept.length])
      const lookup = { sha256: [hashOf(file)] }
      const found = await sendJson<FoundImages>('POST', `${server.url}/api/images/lookup`, lookup)
      expect(found.body.images.map(({ image_uri }) => image_uri)).toEqual([uri])
      const again = await server.index(file, { image_uri: uri })
      expect([again.status, again.body.cached]).toEqual([200, true])
      const { body: search } = await server.search(file, { limit: '1' })
      expect(search).toMatchObject({ cached: true, results: [{ score: 1 }] })
      const part = await fetch(body.image_url!, { headers: { range: 'bytes=5-9' } })
      expect([part.status, await part.text()]).toEqual([206, kept.toString('utf8', 5, 10)])
    },
  )

  test.each(Object.entries(stubborn))(
    '%s is refused, and nothing of it stays',
    async (_name, file) => {
      const { status, body } = await server.index(file)
      expect([status, body.code, body.detail]).toEqual([422, 'unsupported', expect.stringContaining('STRIP_METADATA')]) // prettier-ignore
      expect((await server.search(file)).status).toBe(200)
    },
  )

  test('what nobody can make out is refused as ever', async () => {
    const { status } = await server.index(Buffer.from(`no picture ${secret}`))
    expect(status).toBe(400)
    for (const [name, file] of Object.entries(files)) {
      for (const share of [0.1, 0.4, 0.9]) {
        const answer = await server.index(file.subarray(0, file.length * share))
        expect([name, share, answer.status]).toEqual([
          name,
          share,
          expect.toBeOneOf([200, 201, 400]),
        ])
      }
    }
  })

  test('nothing in DATA_DIR says it', async () => {
    const entries = await readdir(server.dataDir, { recursive: true, withFileTypes: true })
    const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)) // prettier-ignore
    const telling = []
    for (const path of paths) if ((await readFile(path)).includes(secret)) telling.push(path)
    expect(telling).toEqual([])
    const { body } = await getJson<{ images: ImageRecord[] }>(`${server.url}/api/images?limit=1000`)
    expect(body.images.some(({ metadata }) => metadata['camera'] === 'Maker')).toBe(true)
  })
})

test('a picture that was kept whole is stripped when it is sent again, for all its records', async () => {
  const DATA_DIR = await mkdtemp(join(tmpdir(), 'lookalike-'))
  const file = files['jpeg']!
  const whole = await startServer({ DATA_DIR })
  await whole.index(file, { image_uri: 'urn:one' })
  await whole.stop()
  const server = await startServer({ DATA_DIR, STRIP_METADATA: 'true' })
  const known = await server.search(file, { limit: '1' })
  expect(await toldBy(await bytesOf(known.body.results[0]!.image_url!))).not.toEqual([])
  const { body } = await server.index(file, { image_uri: 'urn:two' })
  const { body: page } = await getJson<{ images: ImageRecord[] }>(`${server.url}/api/images`)
  expect(page.images).toHaveLength(2)
  for (const image of page.images) {
    expect(image.bytes).toBe(body.bytes)
    expect(await toldBy(await bytesOf(image.image_url!))).toEqual([])
    expect((await fetch(image.thumbnail_url!)).status).toBe(200)
  }
  await server.stop()
  await rm(DATA_DIR, { recursive: true })
})
