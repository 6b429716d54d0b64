import { describe, expect, test } from 'vitest'
import sharp from 'sharp'
import { decodeImage } from '../../src/images/decode.ts'
import { encodedQuarters } from './making/encoded-quarters.ts'
import { codedPicture, heifFile, mirror, rotation } from './making/heif-file.ts'
import { quarters, quartersOf, turnedQuarters } from './making/quarters.ts'
import { tiffFile } from './making/tiff-file.ts'

const numbers = [1, 2, 3, 4, 5, 6, 7, 8]
const sizeOf = (orientation: number) => (orientation > 4 ? [48, 64] : [64, 48])

describe.each(['jpeg', 'png', 'webp', 'tiff'] as const)('%s', (format) => {
  test.each(numbers)('is turned upright from orientation %i', async (orientation) => {
    const bytes = await quarters().withMetadata({ orientation }).toFormat(format).toBuffer()
    const image = await decodeImage(bytes, 50)
    expect(quartersOf(image, 20)).toEqual(turnedQuarters[orientation])
    expect([image.source.width, image.source.height]).toEqual(sizeOf(orientation))
  })
})

// What irot and imir do, as the EXIF orientation that does the same.
const turns: [string, Buffer[], number][] = [
  ['nothing', [], 1],
  ['a quarter turn', [rotation(1)], 8],
  ['half a turn', [rotation(2)], 3],
  ['three quarter turns', [rotation(3)], 6],
  ['swapped left and right', [mirror(1)], 2],
  ['swapped top and bottom', [mirror(0)], 4],
  ['turned, then swapped', [rotation(3), mirror(1)], 5],
  ['turned the other way, then swapped', [rotation(1), mirror(1)], 7],
  ['swapped, then turned', [mirror(1), rotation(1)], 5],
]
describe('heic', () => {
  test.each(turns)(
    '%s is done once, whatever EXIF says besides',
    async (_name, properties, orientation) => {
      // prettier-ignore
      for (const exif of [undefined, tiffFile([new Map([[0x112, 6]])])]) {
      const file = heifFile([{ ...codedPicture(), properties }], { ...(exif && { exif }) })
      const image = await decodeImage(file, 50)
      expect(quartersOf(image)).toEqual(turnedQuarters[orientation])
      expect([image.source.width, image.source.height]).toEqual(orientation > 4 ? [64, 128] : [128, 64])
    }
    },
  )
})

test('avif and JPEG XL are turned once', async () => {
  const turned = await quarters().withMetadata({ orientation: 6 }).avif({ quality: 95 }).toBuffer()
  const { autoOrient } = await sharp(turned).metadata()
  const image = await decodeImage(turned, 50)
  expect([image.width, image.height]).toEqual([autoOrient.width, autoOrient.height])
  const jxl = await decodeImage(Buffer.from(encodedQuarters.jxlTurned, 'base64'), 50)
  expect(quartersOf(jxl, 20)).toEqual(turnedQuarters[6])
})
