import { expect, test } from 'vitest'
import {
  thumbHashToApproximateAspectRatio,
  thumbHashToAverageRGBA,
  thumbHashToRGBA,
} from 'thumbhash'
import sharp from 'sharp'
import { decodeImage } from '../../src/images/decode.ts'
import { thumbHash } from '../../src/images/thumb-hash.ts'

const hashOf = async (bytes: Buffer) => Buffer.from(await thumbHash(await decodeImage(bytes, 100)), 'base64') // prettier-ignore

async function halves(width: number, height: number): Promise<Buffer> {
  const left = { create: { width: width / 2, height, channels: 3 as const, background: '#c02010' } }
  const sky = { width, height, channels: 3 as const, background: '#1030d0' }
  return sharp({ create: sky })
    .composite([{ input: left, left: 0, top: 0 }])
    .png()
    .toBuffer()
}

test('a picture is recognised in its hash: shape, colours, and where they are', async () => {
  const hash = await hashOf(await halves(600, 300))
  expect(hash.length).toBeLessThanOrEqual(25)
  expect(thumbHashToApproximateAspectRatio(hash)).toBeCloseTo(2, 0)
  const { w, h, rgba } = thumbHashToRGBA(hash)
  const at = (x: number) => rgba.slice((Math.floor(h / 2) * w + x) * 4)
  const [leftRed, , leftBlue] = at(2)
  const [rightRed, , rightBlue] = at(w - 3)
  expect(leftRed! - leftBlue!).toBeGreaterThan(80)
  expect(rightBlue! - rightRed!).toBeGreaterThan(80)
})

test.each([
  [2000, 4],
  [3, 900],
  [1, 1],
])('a picture of %i x %i has one', async (width, height) => {
  const green = { width, height, channels: 3 as const, background: '#20c040' }
  const hash = await hashOf(await sharp({ create: green }).png().toBuffer())
  const { g, r } = thumbHashToAverageRGBA(hash)
  expect(g - r).toBeGreaterThan(0.4)
})
