import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { decodeImage } from '../../src/images/decode.ts'
import { encodeThumbnail } from '../../src/images/encode.ts'
import { bmpFile, bmpKinds } from './making/bmp-file.ts'
import { encodedQuarters } from './making/encoded-quarters.ts'
import { quarterPixels, quarters, quartersOf, upright } from './making/quarters.ts'
import { Block, long, tiffFile } from './making/tiff-file.ts'

/** A square of this colour in the middle of nothing. */
function logo(colour: number[], width = 100): Buffer {
  const rgba = Buffer.alloc(width * width * 4)
  for (let y = 30; y < 70; y++) {
    for (let x = 30; x < 70; x++) rgba.set([...colour, 255], (y * width + x) * 4)
  }
  return rgba
}
const pngOf = (rgba: Buffer) => sharp(rgba, { raw: { width: 100, height: 100, channels: 4 } }).png()

describe('a logo on nothing is seen', () => {
  test.each([
    ['white', [255, 255, 255]],
    ['nearly white', [245, 250, 240]],
    ['black', [0, 0, 0]],
    ['nearly black', [20, 10, 15]],
    ['grey', [128, 128, 128]],
    ['red', [220, 20, 20]],
  ])('%s', async (_name, colour) => {
    const image = await decodeImage(await pngOf(logo(colour)).toBuffer(), 50)
    const at = (x: number, y: number) => [...image.rgb.subarray((y * 100 + x) * 3, (y * 100 + x) * 3 + 3)] // prettier-ignore
    expect(at(50, 50)).toEqual(colour)
    const contrast = Math.max(
      ...at(2, 2).map((level, channel) => Math.abs(level - colour[channel]!)),
    )
    expect(contrast).toBeGreaterThanOrEqual(90)
    const shown = await sharp(await encodeThumbnail(image))
      .raw()
      .toBuffer()
    expect(Math.abs(shown[0]! - at(0, 0)[0]!)).toBeLessThanOrEqual(3)
  })

  test('what holds white and black lies on what shows both', async () => {
    const rgba = logo([255, 255, 255])
    for (let y = 30; y < 70; y++) rgba.fill(0, (y * 100 + 30) * 4, (y * 100 + 50) * 4)
    for (let y = 30; y < 70; y++) for (let x = 30; x < 50; x++) rgba[(y * 100 + x) * 4 + 3] = 255
    const { rgb } = await decodeImage(await pngOf(rgba).toBuffer(), 50)
    expect(rgb[0]).toBe(128)
  })

  test('what is seen on white lies on white, and what hides nothing is left as it is', async () => {
    const { rgb } = await decodeImage(await pngOf(logo([200, 30, 30])).toBuffer(), 50)
    expect(rgb[0]).toBe(255)
    const opaque = await quarters().ensureAlpha().png().toBuffer()
    expect(quartersOf(await decodeImage(opaque, 50))).toEqual(upright)
  })
})

test('every format with transparency shows the same', async () => {
  const rgba = await quarters().ensureAlpha().raw().toBuffer()
  for (let at = 0; at < rgba.length; at += 4) if ((at / 4) % 64 >= 32) rgba[at + 3] = 0
  const made = sharp(rgba, { raw: { width: 64, height: 48, channels: 4 } })
  const files = [
    await made.clone().png().toBuffer(),
    await made.clone().webp({ lossless: true }).toBuffer(),
    await made.clone().gif().toBuffer(),
    await made.clone().avif({ quality: 95 }).toBuffer(),
    await made.clone().tiff({ compression: 'lzw' }).toBuffer(),
    bmpFile('alpha'),
    Buffer.from(encodedQuarters.heicAlpha, 'base64'),
    Buffer.from(encodedQuarters.jxlAlpha, 'base64'),
  ]
  for (const file of files) {
    const image = await decodeImage(file, 50)
    const quarter = quartersOf(image, 20)
    expect([image.source.format, quarter[0], quarter[2]]).toEqual([image.source.format, 'red', 'blue']) // prettier-ignore
    const right = (Math.floor(image.height / 4) * image.width + Math.floor(image.width * 0.8)) * 3
    for (const level of image.rgb.subarray(right, right + 3)) expect(level).toBeGreaterThan(250)
  }
})

describe('channels of a TIFF beyond its colours', () => {
  const tiff = (extra: number[], channels: (x: number) => number[], orientation = 1) => {
    const rgb = quarterPixels()
    const pixels = Buffer.from(
      Array.from({ length: 64 * 48 }, (_, at) => [...rgb.subarray(at * 3, at * 3 + 3), ...channels(at % 64)]).flat(), // prettier-ignore
    )
    const samples = 3 + extra.length
    return tiffFile([
      new Map<number, never>([
        [0x100, 64], [0x101, 48], [0x102, Array.from({ length: samples }, () => 8)], [0x103, 1], [0x106, 2],
        [0x111, new Block(pixels)], [0x112, orientation], [0x115, samples], [0x116, 48], [0x117, long(pixels.length)],
        [0x152, extra],
      ] as never), // prettier-ignore
    ])
  }
  test.each([
    ['a selection', [0], () => [0]],
    ['two selections', [0, 0], () => [0, 128]],
    ['transparency and a selection', [2, 0], () => [255, 0]],
    ['a selection and transparency', [0, 2], () => [0, 255]],
    ['transparency and two selections', [2, 0, 0], () => [255, 10, 20]],
  ] as [string, number[], () => number[]][])('%s', async (_name, extra, channels) => {
    expect(quartersOf(await decodeImage(tiff(extra, channels), 50))).toEqual(upright)
    const turned = await decodeImage(tiff(extra, channels, 6), 50)
    expect(quartersOf(turned)).toEqual(['blue', 'red', 'yellow', 'green'])
  })

  test('transparency is heeded wherever it stands', async () => {
    const image = await decodeImage(
      tiff([0, 2], (x) => [77, x < 32 ? 255 : 0]),
      50,
    )
    expect(quartersOf(image)).toEqual(['red', undefined, 'blue', undefined])
    expect([...image.rgb.subarray(180, 183)]).toEqual([255, 255, 255])
  })
})

test('what lies outside the first frame of a GIF is nothing', async () => {
  const red = await sharp({ create: { width: 50, height: 50, channels: 3, background: '#f00' } }).gif().toBuffer() // prettier-ignore
  const small = Buffer.from(red)
  small.writeUInt16LE(100, 6)
  small.writeUInt16LE(100, 8)
  const at = small.indexOf(0x2c, 13 + 3 * 2 ** ((small[10]! & 7) + 1))
  small.writeUInt16LE(25, at + 1)
  small.writeUInt16LE(25, at + 3)
  const { rgb, width, height } = await decodeImage(small, 50)
  expect([width, height]).toEqual([100, 100])
  expect([...rgb.subarray(0, 3)]).toEqual([255, 255, 255])
  const middle = [...rgb.subarray((50 * 100 + 50) * 3, (50 * 100 + 50) * 3 + 3)]
  expect(middle[0]).toBeGreaterThan(240)
  expect(middle[1]).toBeLessThan(15)
})

test.each(bmpKinds)('a bitmap of kind %s', async (kind) => {
  const image = await decodeImage(bmpFile(kind, 63, 47), 50)
  expect([image.width, image.height]).toEqual([63, 47])
  const expected = { '1': [undefined, undefined, undefined, undefined], alpha: ['red', undefined, 'blue', undefined] }[kind as '1'] // prettier-ignore
  expect(quartersOf(image)).toEqual(expected ?? upright)
})

test('a bitmap of two colours has both', async () => {
  const { rgb } = await decodeImage(bmpFile('1'), 50)
  expect([rgb[0], rgb[63 * 3]]).toEqual([0, 255])
})
