import { writeFile } from 'node:fs/promises'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createClient } from '@lookalike/sdk'
import { jpeg, picture } from '../../server/test/support/pictures.ts'
import { startServer, type TestServer } from '../../server/test/support/server.ts'
import { takeoutOf } from '../src/import/metadata/takeout.ts'
import { cli } from './support/cli.ts'
import { libraryOf, temporaryFolder, type Folder } from './support/library.ts'

let server: TestServer
let folder: Folder
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(async () => {
  await folder.remove()
  await createClient({ baseUrl: server.url }).removeMatching({})
})

const importAll = (...args: string[]) => cli(server.url, ['import', folder.path, ...args])
const metadata = async () => (await libraryOf(server.url)).map((record) => record.metadata)

const xmp = (
  inner: string,
  attributes = '',
) => `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" ${attributes}>${inner}</rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`
const full = xmp(
  `<dc:subject><rdf:Bag><rdf:li>sea</rdf:li><rdf:li>föhn</rdf:li></rdf:Bag></dc:subject>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">A title</rdf:li></rdf:Alt></dc:title>
   <dc:description><rdf:Alt><rdf:li xml:lang="x-default">What it shows</rdf:li></rdf:Alt></dc:description>`,
  'xmp:Rating="4"',
)
const said = { keywords: ['sea', 'föhn'], title: 'A title', caption: 'What it shows', rating: 4 }

test.each(['a.jpg.xmp', 'a.xmp', 'A.XMP'])(
  'an XMP sidecar named %s becomes metadata',
  async (name) => {
    await folder.write('a.jpg', await jpeg(1, 64, 48))
    await folder.write(name, full)
    const { code, out } = await importAll()
    expect(code).toBe(0)
    expect(out).toContain('1 sidecar')
    expect(await metadata()).toEqual([said])
    expect((await importAll()).out).toContain('1 unchanged')
  },
)

test('our own sidecar wins over the XMP beside it', async () => {
  await folder.write('a.jpg', await jpeg(1, 64, 48))
  await folder.write('a.xmp', full)
  await folder.write('a.jpg.json', '{"title":"mine","own":1}')
  await importAll()
  expect(await metadata()).toEqual([{ ...said, title: 'mine', own: 1 }])
})

test.each(['no XML at all', '<x:xmpmeta', ''])(
  'an XMP sidecar of %j says nothing',
  async (content) => {
    await folder.write('a.jpg', await jpeg(1, 64, 48))
    await folder.write('a.xmp', content)
    expect((await importAll()).code).toBe(0)
    expect(await metadata()).toEqual([{}])
  },
)

const takeout = JSON.stringify({
  title: 'a.jpg',
  description: 'At the sea',
  imageViews: '3',
  photoTakenTime: { timestamp: '1588327200', formatted: 'May 1, 2020' },
  geoData: { latitude: 48.1, longitude: -11.5, altitude: 0 },
  people: [{ name: 'Ada' }, { name: 'Ben' }],
  favorited: true,
  url: 'https://photos.google.com/photo/x',
})
test.each(['a.jpg.json', 'a.jpg.supplemental-metadata.json', 'a.jpg.supplemental-met.json'])(
  'what Google Takeout writes, named %s, becomes metadata and nothing else does',
  async (name) => {
    await folder.write('a.jpg', await jpeg(1, 64, 48))
    await folder.write(name, takeout)
    await importAll()
    expect(await metadata()).toEqual([
      { taken: '2020-05-01T10:00:00Z', caption: 'At the sea', latitude: 48.1, longitude: -11.5, people: ['Ada', 'Ben'], favorite: true }, // prettier-ignore
    ])
  },
)

test('Takeout numbers, edits and shortens names in its own way', () => {
  const long = `${'x'.repeat(60)}.jpg`
  const names = ['a.jpg.json', 'a.jpg(1).json', 'b.jpg.supplemental-metadata(2).json', 'c.jpg.suppl.json', `${long.slice(0, 46)}.json`] // prettier-ignore
  expect(takeoutOf('a.jpg', names)).toBe('a.jpg.json')
  expect(takeoutOf('a(1).jpg', names)).toBe('a.jpg(1).json')
  expect(takeoutOf('a(2).jpg', names)).toBeUndefined()
  expect(takeoutOf('b(2).jpg', names)).toBe('b.jpg.supplemental-metadata(2).json')
  expect(takeoutOf('a-edited.jpg', names)).toBe('a.jpg.json')
  expect(takeoutOf('c.jpg', names)).toBe('c.jpg.suppl.json')
  expect(takeoutOf(long, names)).toBe(`${long.slice(0, 46)}.json`)
  expect(takeoutOf('d.jpg', names)).toBeUndefined()
})

describe('what a camera wrote', () => {
  const exif = {
    IFD0: { Make: 'Canon', Model: 'Canon EOS 5D' },
    IFD2: { DateTimeOriginal: '2020:05:01 12:00:00', OffsetTimeOriginal: '+02:00' },
    IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 6/1 0/1', GPSLongitudeRef: 'W', GPSLongitude: '11/1 30/1 0/1' }, // prettier-ignore
  }
  const facts = { taken: '2020-05-01T12:00:00+02:00', camera: 'Canon EOS 5D', latitude: 48.1, longitude: -11.5 } // prettier-ignore

  test.each(['jpeg', 'png', 'webp', 'avif'] as const)('%s: becomes metadata', async (format) => {
    await folder.write(
      `a.${format}`,
      await picture(1, 64, 48).withExif(exif).toFormat(format).toBuffer(),
    )
    expect((await importAll('--metadata', 'set=a')).code).toBe(0)
    expect(await metadata()).toEqual([{ ...facts, set: 'a' }])
    expect((await importAll('--metadata', 'set=a')).out).toContain('1 unchanged')
  })

  test('never takes the place of what a record has already', async () => {
    const file = await folder.write(
      'a.jpg',
      await picture(1, 64, 48).withExif(exif).jpeg().toBuffer(),
    )
    await importAll()
    const [record] = await libraryOf(server.url)
    const client = createClient({ baseUrl: server.url })
    await client.setMetadata(record!.id, { mine: 1 })
    expect((await importAll()).out).toContain('1 unchanged')
    await writeFile(file, await picture(2, 64, 48).withExif(exif).jpeg().toBuffer())
    expect((await importAll()).out).toContain('1 sent')
    expect(await metadata()).toEqual([{ mine: 1 }])
  })

  test('is left out when asked', async () => {
    await folder.write('a.jpg', await picture(1, 64, 48).withExif(exif).jpeg().toBuffer())
    await importAll('--no-exif')
    expect(await metadata()).toEqual([{}])
  })

  test.each([
    ['becomes metadata', [], facts],
    ['is left out when asked', ['--no-exif'], {}],
  ])('%s, whatever the server reads in uploads', async (_, options, said) => {
    const reading = await startServer({ EMBEDDED_METADATA: 'without-location' })
    try {
      await folder.write('a.jpg', await picture(1, 64, 48).withExif(exif).jpeg().toBuffer())
      const args = ['import', folder.path, '--metadata', 'set=a', ...options]
      expect((await cli(reading.url, args)).out).toContain('1 sent')
      const [record] = await libraryOf(reading.url)
      expect(record!.metadata).toEqual({ ...said, set: 'a' })
      expect((await cli(reading.url, args)).out).toContain('1 unchanged')
    } finally {
      await reading.stop()
    }
  })

  test('of which a person’s own word has the last', async () => {
    await folder.write('a.jpg', await picture(1, 64, 48).withExif(exif).jpeg().toBuffer())
    await folder.write('a.xmp', xmp('', 'xmp:Rating="3"'))
    await importAll('--metadata', 'camera=my old one')
    expect(await metadata()).toEqual([{ ...facts, camera: 'my old one', rating: 3 }])
  })

  test('keywords of IPTC and XMP in the picture', async () => {
    const plain = await jpeg(1, 64, 48)
    const iptc = Buffer.concat(['sea', 'sky'].map((word) => Buffer.concat([Buffer.from([0x1c, 2, 25, 0, word.length]), Buffer.from(word)]))) // prettier-ignore
    const segment = (marker: number, body: Buffer) => Buffer.concat([Buffer.from([0xff, marker, (body.length + 2) >> 8, (body.length + 2) & 255]), body]) // prettier-ignore
    const photoshop = Buffer.concat([Buffer.from('Photoshop 3.0\0'), Buffer.from('8BIM\x04\x04\0\0', 'latin1'), Buffer.from([0, 0, 0, iptc.length]), iptc]) // prettier-ignore
    const packet = Buffer.concat([Buffer.from('http://ns.adobe.com/xap/1.0/\0'), Buffer.from(full)])
    await folder.write('a.jpg', Buffer.concat([plain.subarray(0, 2), segment(0xed, photoshop), segment(0xe1, packet), plain.subarray(2)])) // prettier-ignore
    expect((await sharp(`${folder.path}/a.jpg`).metadata()).format).toBe('jpeg')
    await importAll()
    expect(await metadata()).toEqual([{ ...said, keywords: ['sea', 'sky', 'föhn'] }])
  })
})
