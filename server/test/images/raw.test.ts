import { describe, expect, test } from 'vitest'
import { decodeImage } from '../../src/images/decode.ts'
import { rawFormats } from '../../src/images/image.ts'
import { quarters, quartersOf, turnedQuarters, upright } from './making/quarters.ts'
import { rawFile } from './making/raw-file.ts'

const preview = await quarters(640, 480).jpeg({ quality: 95 }).toBuffer()
const small = await quarters(160, 120).negate().jpeg().toBuffer()

describe.each(rawFormats)('%s', (format) => {
  test('the largest preview is read, turned as the file says', async () => {
    for (const orientation of [1, 6, 8, 3]) {
      const image = await decodeImage(rawFile(format, { preview, small, orientation }), 50)
      // A RAF says it in its preview alone.
      const turn = format === 'raf' ? 1 : orientation
      expect(quartersOf(image, 20)).toEqual(turnedQuarters[turn])
      const size = turn > 4 ? [480, 640] : [640, 480]
      expect([image.source.format, image.source.width, image.source.height]).toEqual([format, ...size]) // prettier-ignore
    }
  })

  test('a preview that says itself how it is turned is believed, and turned once', async () => {
    const turned = await quarters(640, 480).withMetadata({ orientation: 6 }).jpeg({ quality: 95 }).toBuffer() // prettier-ignore
    const image = await decodeImage(rawFile(format, { preview: turned, small, orientation: 8 }), 50)
    expect(quartersOf(image, 20)).toEqual(turnedQuarters[6])
  })

  test('without a preview it is refused by name', async () => {
    const refused = decodeImage(rawFile(format, { preview: null, small }), 50)
    await expect(refused).rejects.toThrow(new RegExp(`RAW.*${format.toUpperCase()}.*without a preview`)) // prettier-ignore
  })

  test('cut anywhere it ends in a picture or a reason', async () => {
    const file = rawFile(format, { preview, small })
    for (let part = 1; part < 20; part++) {
      const cut = file.subarray(0, Math.floor((file.length * part) / 20))
      await decodeImage(cut, 50).then(
        (image) => expect(quartersOf(image, 20)).toEqual(upright),
        (error: Error) => expect(error).toMatchObject({ code: 'invalid_image' }),
      )
    }
  })
})
