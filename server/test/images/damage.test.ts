import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { decodeImage } from '../../src/images/decode.ts'
import { picture } from '../support/pictures.ts'
import { bmpFile } from './making/bmp-file.ts'
import { encodedQuarters } from './making/encoded-quarters.ts'
import { pngChunk } from './making/profiled.ts'
import { quarters } from './making/quarters.ts'
import { Block, long, tiffFile } from './making/tiff-file.ts'

const noisy = () => picture(3, 640, 480, 60)
const jpegs = {
  baseline: await noisy().jpeg({ quality: 85 }).toBuffer(),
  progressive: await noisy().jpeg({ quality: 85, progressive: true }).toBuffer(),
}
const end = Buffer.from([0xff, 0xd9])
const accepted = (bytes: Uint8Array) => decodeImage(bytes, 50)
const sizeOf = async (bytes: Uint8Array) => (await accepted(bytes)).source
const refused = (bytes: Uint8Array, reason = /damaged or cut short/) =>
  expect(sizeOf(bytes)).rejects.toThrow(reason)

/** Stray bytes in front of the first marker of this kind. */
function strayBefore(jpeg: Buffer, marker: number, bytes: Buffer): Buffer {
  const at = jpeg.indexOf(Buffer.from([0xff, marker]))
  return Buffer.concat([jpeg.subarray(0, at), bytes, jpeg.subarray(at)])
}

describe.each(Object.entries(jpegs))('a %s JPEG', (kind, jpeg) => {
  test.each([
    ['as it is', jpeg],
    ['without its last two bytes', jpeg.subarray(0, -2)],
    ['without its last byte', jpeg.subarray(0, -1)],
    [
      'followed by a film',
      Buffer.concat([jpeg, Buffer.from('\0\0\0\x18ftypmp42'), Buffer.alloc(999, 7)]),
    ],
    [
      'without its end, followed by zeros',
      Buffer.concat([jpeg.subarray(0, -2), Buffer.alloc(500)]),
    ],
    [
      'with stray zeros before its end',
      Buffer.concat([jpeg.subarray(0, -2), Buffer.alloc(40), end]),
    ],
    ['with stray bytes before its tables', strayBefore(jpeg, 0xdb, Buffer.alloc(16))],
    ['with stray bytes before its frame', strayBefore(jpeg, kind === 'baseline' ? 0xc0 : 0xc2, Buffer.from('stray'))], // prettier-ignore
    ['with fill bytes before its codes', strayBefore(jpeg, 0xc4, Buffer.from([0xff, 0xff, 0xff]))],
  ])('%s comes in, and looks the same', async (_name, bytes) => {
    const whole = await accepted(jpeg)
    const image = await accepted(bytes)
    expect([image.width, image.height]).toEqual([640, 480])
    expect(Buffer.compare(image.rgb, whole.rgb)).toBe(0)
  })

  test.each([0.2, 0.4, 0.6, 0.8, 0.95])(
    'cut at %f is refused, with an end put to it or not',
    async (part) => {
      const cut = jpeg.subarray(0, Math.floor(jpeg.length * part))
      await refused(cut)
      await refused(Buffer.concat([cut, end]))
    },
  )

  test('with a part of its scan destroyed is refused', async () => {
    const hole = Buffer.from(jpeg)
    hole.fill(0xff, Math.floor(jpeg.length * 0.5), Math.floor(jpeg.length * 0.5) + 300)
    await refused(hole)
  })
})

test('beside pictures that libvips complains of, each is judged by itself', async () => {
  const tolerated = strayBefore(jpegs.baseline, 0xdb, Buffer.alloc(16))
  const cut = Buffer.concat([jpegs.baseline.subarray(0, jpegs.baseline.length / 2), end])
  const mixed = Array.from({ length: 12 }, (_, k) => [jpegs.baseline, tolerated, cut][k % 3]!)
  const judged = await Promise.allSettled(mixed.map(accepted))
  expect(judged.map(({ status }) => status)).toEqual(
    mixed.map((_, k) => (k % 3 === 2 ? 'rejected' : 'fulfilled')),
  )
})

const others = {
  png: await noisy().png().toBuffer(),
  webp: await noisy().webp().toBuffer(),
  'lossless webp': await noisy().webp({ lossless: true }).toBuffer(),
  gif: await noisy().gif().toBuffer(),
  avif: await noisy().avif().toBuffer(),
  bmp: bmpFile('24', 300, 200),
  jxl: Buffer.from(encodedQuarters.jxlAdobeRgb, 'base64'),
  heic: Buffer.from(encodedQuarters.heic, 'base64'),
}
describe.each(Object.entries(others))('%s', (_format, bytes) => {
  test.each([0.3, 0.6, 0.9])('cut at %f is refused', (part) =>
    refused(bytes.subarray(0, Math.floor(bytes.length * part))),
  )
  test('followed by other bytes comes in', async () => {
    await accepted(Buffer.concat([bytes, Buffer.alloc(200)]))
  })
})

describe.each(['none', 'lzw', 'deflate', 'jpeg'] as const)('a TIFF, %s', (compression) => {
  test.each([
    ['strips', {}],
    ['tiles', { tile: true, tileWidth: 128, tileHeight: 128 }],
  ])('in %s: cut or with a part destroyed is refused', async (_layout, layout) => {
    const bytes = await noisy()
      .tiff({ compression, ...layout })
      .toBuffer()
    await accepted(bytes)
    // Nothing uncompressed can be noticed to be wrong, and of deflate libtiff does not check the sums.
    if (compression === 'lzw' || compression === 'jpeg') {
      const hole = Buffer.from(bytes)
      hole.fill(0xff, Math.floor(bytes.length / 3), Math.floor(bytes.length / 3) + 4000)
      await refused(hole)
    }
    await refused(bytes.subarray(0, bytes.length / 2))
  })
})

test('what a PNG says beside its picture may be broken, its picture may not', async () => {
  const png = await noisy().png().toBuffer()
  const text = pngChunk('tEXt', Buffer.from('Comment\0broken'))
  text.writeUInt32BE(1, text.length - 4)
  await accepted(Buffer.concat([png.subarray(0, 33), text, png.subarray(33)]))
  await accepted(png.subarray(0, -12))
  const broken = Buffer.from(png)
  broken[Math.floor(png.length / 2)]! ^= 0x55
  await refused(broken)
})

describe('what is sound but not read here is told by its name, never as damaged', () => {
  const plain = (entries: [number, number | number[]][]) => {
    const pixels = Buffer.alloc(64 * 48 * 12, 100)
    return tiffFile([
      new Map<number, never>([
        [0x100, 64], [0x101, 48], [0x102, [8, 8, 8]], [0x103, 1], [0x106, 2], [0x111, new Block(pixels)],
        [0x115, 3], [0x116, 48], [0x117, long(64 * 48 * 3)], ...entries,
      ] as never), // prettier-ignore
    ])
  }
  const frame = (coding: number, bits = 8) => {
    const jpeg = Buffer.from(jpegs.baseline)
    const at = jpeg.indexOf(Buffer.from([0xff, 0xc0]))
    jpeg[at + 1] = coding
    jpeg[at + 4] = bits
    return jpeg
  }
  const bmp = Buffer.from(bmpFile('24'))
  bmp.writeUInt32LE(4, 30)
  test.each([
    ['Lab', plain([[0x106, 8]]), /TIFF in CIE Lab/],
    ['LogLuv', plain([[0x106, 32_845]]), /TIFF in LogLuv/],
    ['Zstandard', plain([[0x103, 50_000]]), /Zstandard/],
    ['LERC', plain([[0x103, 34_887]]), /LERC/],
    ['JPEG 2000 within', plain([[0x103, 34_712]]), /JPEG 2000/],
    ['a method of no name', plain([[0x103, 60_123]]), /method 60123/],
    ['floating point', plain([[0x102, [32, 32, 32]], [0x153, [3, 3, 3]]]), /floating-point/], // prettier-ignore
    ['signed', plain([[0x153, [2, 2, 2]]]), /signed/],
    ['32 bits', plain([[0x102, [32, 32, 32]]]), /32 bits/],
    ['12 bits', plain([[0x102, [12, 12, 12]]]), /12 bits/],
    ['a JPEG of 12 bits', frame(0xc1, 12), /JPEG of 12 bits/],
    ['a lossless JPEG', frame(0xc3), /lossless JPEG/],
    ['a hierarchical JPEG', frame(0xc5), /hierarchical JPEG/],
    ['a JPEG in a BMP', bmp, /BMP compressed by method 4/],
    ['a film', Buffer.from('\0\0\0\x18ftypmp42\0\0\0\0mp42isom'), /MP4/],
  ])('%s', async (_name, bytes, reason) => {
    await refused(bytes, reason)
    await expect(sizeOf(bytes)).rejects.not.toThrow(/damaged/)
  })
})

test('an ordinary TIFF is none of a camera, whatever else it says', async () => {
  const tiff = await quarters().tiff().toBuffer()
  const { source } = await decodeImage(tiff, 50)
  expect(source.format).toBe('tiff')
  const pixels = await quarters().raw().toBuffer()
  for (const more of [
    [[0xc4a5, Buffer.from('PrintIM\x000250\0\0')]],
    [
      [0x10f, 'NIKON'],
      [0x110, 'COOLPIX'],
    ],
    Array.from({ length: 19 }, (_, k) => [0x9000 + k, 1]),
  ]) {
    const bytes = tiffFile([
      new Map<number, never>([
        [0x100, 64], [0x101, 48], [0x102, [8, 8, 8]], [0x103, 1], [0x106, 2], [0x111, new Block(pixels)],
        [0x115, 3], [0x116, 48], [0x117, long(pixels.length)], ...more,
      ] as never), // prettier-ignore
    ])
    const image = await decodeImage(bytes, 50)
    expect([image.source.format, image.width]).toEqual(['tiff', 64])
  }
  expect((await sharp(tiff).metadata()).format).toBe('tiff')
})
