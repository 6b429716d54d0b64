import { randomBytes } from 'node:crypto'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { cropTo, edgeForRegion, type Region } from '../../src/images/crop.ts'
import { decodeImage } from '../../src/images/decode.ts'

const [width, height] = [2400, 1500]

test('a small region has the very pixels of the file, upright', async () => {
  const rgb = randomBytes(width * height * 3)
  const file = sharp(rgb, { raw: { width, height, channels: 3 } }).png({ compressionLevel: 0 })
  const region: Region = [0.25, 0.5, 0.1, 0.2]
  const crop = async (bytes: Buffer) =>
    cropTo(await decodeImage(bytes, 100, { edge: edgeForRegion(region) }), region)
  const cut = await crop(await file.toBuffer())
  expect(cut).toMatchObject({ width: 240, height: 300, source: { width, height } })
  const row = (at: number) => rgb.subarray(((750 + at) * width + 600) * 3, ((750 + at) * width + 840) * 3) // prettier-ignore
  const expected = Buffer.concat(Array.from({ length: 300 }, (_, at) => row(at)))
  expect(Buffer.from(cut.rgb).equals(expected)).toBe(true)
  const turned = await file.clone().rotate(90).withMetadata({ orientation: 8 }).toBuffer()
  expect(Buffer.from((await crop(turned)).rgb).equals(expected)).toBe(true)
})

test('a large one has the size of any picture, and a tiny one a pixel', async () => {
  const file = sharp({ create: { width, height, channels: 3, background: 'teal' } }).png()
  const bytes = await file.toBuffer()
  const decoded = await decodeImage(bytes, 100, { edge: edgeForRegion([0, 0, 0.9, 0.9]) })
  expect(await cropTo(decoded, [0, 0, 0.9, 0.9])).toMatchObject({ width: 1024, height: 640 })
  expect(await cropTo(decoded, [1, 1, 1e-9, 1e-9])).toMatchObject({ width: 1, height: 1 })
})
