import { describe, expect, test } from 'vitest'
import { decodeImage } from '../../src/images/decode.ts'
import { DecoderProcesses } from '../../src/images/decoders/apart.ts'
import { bmpFile } from './making/bmp-file.ts'
import { encodedQuarters } from './making/encoded-quarters.ts'
import { codedPicture, heifFile } from './making/heif-file.ts'
import { quarters, quartersOf, upright } from './making/quarters.ts'

const heic = Buffer.from(encodedQuarters.heic, 'base64')

describe('an announced size is checked before a pixel is decoded', () => {
  const announced = () => {
    const bmp = Buffer.from(bmpFile('24'))
    bmp.writeInt32LE(30_000, 18)
    bmp.writeInt32LE(30_000, 22)
    // JPEG XL: 30,000 pixels high, and square.
    const jxl = Buffer.from(encodedQuarters.jxl, 'base64')
    const bits = (29_999 * 2 ** 3 + 2 * 2 ** 1) | 0
    jxl.writeUInt32LE((bits | (1 << 21)) >>> 0, 2)
    return {
      bmp,
      jxl,
      heic: heifFile([{ ...codedPicture(), width: 30_000, height: 30_000 }]),
    }
  }
  test.each(Object.entries(announced()))('%s', async (_format, bytes) => {
    await expect(decodeImage(bytes, 50)).rejects.toMatchObject({
      code: 'image_too_many_pixels',
      message: expect.stringMatching(/30000 x 30000 \(900.0 megapixels\).*up to 50/),
    })
  })
})

test('of several pictures in a HEIC the largest is shown, and no thumbnail', async () => {
  const coded = codedPicture()
  const small = { ...coded, width: 64, height: 32 }
  for (const file of [
    heifFile([small, coded], { primary: 1 }),
    heifFile([coded, { ...coded, thumbnailOf: 1 }]),
  ]) {
    const image = await decodeImage(file, 50)
    expect([image.width, image.height, ...quartersOf(image)]).toEqual([128, 64, ...upright])
  }
})

test('a HEIC put together of tiles, as telephones write it, is one picture', async () => {
  const tiles = Array.from({ length: 6 }, () => codedPicture())
  const grid = { columns: 3, rows: 2, width: 360, height: 120 }
  const image = await decodeImage(heifFile(tiles, { grid }), 50)
  expect([image.width, image.height]).toEqual([360, 120])
  expect(quartersOf(image)[0]).toBe('green')
  const missing = heifFile([...tiles.slice(1), { ...codedPicture(), data: Buffer.alloc(40, 0xff) }], { grid }) // prettier-ignore
  await expect(decodeImage(missing, 50)).rejects.toMatchObject({ code: 'invalid_image' })
})

test.each([
  [['heic']],
  [['mif1', 'heic']],
  [['heix', 'mif1']],
  [['mif1']],
  [['msf1', 'hevc', 'mif1', 'heic']],
])('HEIC by the brands %j', async (brands) => {
  const image = await decodeImage(heifFile([codedPicture()], { brands }), 50)
  expect([image.source.format, ...quartersOf(image)]).toEqual(['heic', ...upright])
})

test.each(['mif1', 'avis', 'miaf', 'MA1B'])('AVIF with %s as its first brand', async (brand) => {
  const avif = await quarters().avif({ quality: 95 }).toBuffer()
  avif.write(brand, 8)
  const image = await decodeImage(avif, 50)
  expect([image.source.format, ...quartersOf(image, 20)]).toEqual(['avif', ...upright])
})

test('JPEG XL shows its first picture, and motion photos their still', async () => {
  const animated = await decodeImage(Buffer.from(encodedQuarters.jxlAnimated, 'base64'), 50)
  expect(quartersOf(animated, 20)).toEqual(upright)
  const still = await quarters().jpeg({ quality: 95 }).toBuffer()
  const other = await quarters().negate().jpeg().toBuffer()
  for (const more of [
    other,
    Buffer.concat([Buffer.from('\0\0\0\x18ftypmp42'), Buffer.alloc(5000)]),
  ]) {
    const image = await decodeImage(Buffer.concat([still, more]), 50)
    expect([image.source.format, ...quartersOf(image, 20)]).toEqual(['jpeg', ...upright])
  }
})

test('a decoder is killed at its deadline, and the next picture has another', async () => {
  const task = {
    file: heic,
    format: 'heic',
    maxMegapixels: 50,
    edge: 1024,
    alpha: undefined,
  } as const
  const hasty = new DecoderProcesses(() => 1)
  await expect(hasty.decode(task, 8192)).rejects.toThrow(/longer than 0.001 s/)
  const patient = new DecoderProcesses()
  expect((await patient.decode(task, 8192)).width).toBe(128)
})

test('many at once wait for the few processes there are', async () => {
  const all = await Promise.all(Array.from({ length: 12 }, () => decodeImage(heic, 50)))
  for (const image of all) expect(quartersOf(image)).toEqual(upright)
})

test('a file that makes a decoder fail leaves the next one unharmed', async () => {
  const coded = codedPicture()
  const broken = heifFile([{ ...coded, data: Buffer.alloc(coded.data.length, 0xff) }])
  for (let round = 0; round < 3; round++) {
    await expect(decodeImage(broken, 50)).rejects.toMatchObject({ code: 'invalid_image' })
    expect(quartersOf(await decodeImage(heic, 50))).toEqual(upright)
  }
})

describe('of a TIFF only the first directory reaches a decoder', () => {
  /** Grey, 10 x 10, in directories of classic TIFF or BigTIFF that follow each other. */
  function chained(count: number, { big = false, last = 0, tile = 0 } = {}): Buffer {
    const pixels = Buffer.alloc(100, 120)
    const values = [[256, 10], [257, 10], [258, 8], [259, 1], [262, 1], [273, big ? 16 : 8], [277, 1], [278, 10], [279, 100]] // prettier-ignore
    if (tile > 0) values.push([322, tile], [323, tile], [324, big ? 16 : 8], [325, 100])
    const word = big ? 8 : 4
    const entry = big ? 20 : 12
    const start = (big ? 16 : 8) + pixels.length
    const length = (big ? 8 : 2) + values.length * entry + word
    const file = Buffer.alloc(start + count * length)
    const place = (value: number, at: number) =>
      big ? file.writeBigUInt64LE(BigInt(value), at) : file.writeUInt32LE(value, at)
    file.write('II', 'latin1')
    file.writeUInt16LE(big ? 43 : 42, 2)
    if (big) file.writeUInt16LE(8, 4)
    place(start, big ? 8 : 4)
    pixels.copy(file, big ? 16 : 8)
    for (let index = 0, at = start; index < count; index++, at += length) {
      if (big) file.writeBigUInt64LE(BigInt(values.length), at)
      else file.writeUInt16LE(values.length, at)
      values.forEach(([tag, value], order) => {
        const to = at + (big ? 8 : 2) + order * entry
        file.writeUInt16LE(tag!, to)
        file.writeUInt16LE(4, to + 2)
        place(1, to + 4)
        file.writeUInt32LE(value!, to + 4 + word)
      })
      place(index < count - 1 ? at + length : last, at + length - word)
    }
    return file
  }

  test.each([
    ['a hundred thousand', chained(100_000)],
    ['a hundred thousand of a BigTIFF', chained(100_000, { big: true })],
    ['one that leads back to itself', chained(1, { last: 108 })],
    ['one that leads beyond the file', chained(1, { last: 4_000_000_000 })],
  ])('%s', async (_name, file) => {
    const began = performance.now()
    const { source, rgb } = await decodeImage(file, 50)
    expect([source.width, source.height, rgb[0]]).toEqual([10, 10, 120])
    // libtiff alone takes half a minute.
    expect(performance.now() - began).toBeLessThan(10_000)
  })

  test('a tile larger than a picture may be is refused before it is made room for', async () => {
    await expect(decodeImage(chained(1, { tile: 60_000 }), 50)).rejects.toMatchObject({
      code: 'image_too_many_pixels',
    })
  })

  test('values longer than the file are damage', async () => {
    const file = chained(1)
    file.writeUInt32LE(1_000_000, 108 + 2 + 4)
    await expect(decodeImage(file, 50)).rejects.toMatchObject({ code: 'invalid_image' })
  })
})

test('a caller who leaves ends the decoder of a large picture', async () => {
  const caller = new AbortController()
  const bmp = Buffer.alloc(54 + 3000 * 3000 * 3)
  bmp.write('BM', 'latin1')
  for (const [at, value] of [[10, 54], [14, 40], [18, 3000], [22, 3000], [28, 24]]) bmp.writeUInt32LE(value!, at!) // prettier-ignore
  const decoding = decodeImage(bmp, 50, { signal: caller.signal })
  setTimeout(() => caller.abort(new Error('left')), 20)
  await expect(decoding).rejects.toThrow('left')
  expect((await decodeImage(bmp, 50)).source.width).toBe(3000)
})
