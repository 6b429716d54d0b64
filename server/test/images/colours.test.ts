import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { decodeImage } from '../../src/images/decode.ts'
import type { NormalisedImage } from '../../src/images/image.ts'
import { encodedQuarters } from './making/encoded-quarters.ts'
import { codedPicture, heifFile, profile } from './making/heif-file.ts'
import { deviceValues, greyLevels, iccProfile, profiledPng, profiledTiff, spaces } from './making/profiled.ts' // prettier-ignore
import { quarters, sampleQuarters, worstLevel } from './making/quarters.ts'

const formats = { png: profiledPng, tiff: profiledTiff }

const worstGrey = (image: NormalisedImage) =>
  Math.max(
    ...sampleQuarters(image).flatMap((sample, quarter) =>
      sample.map((level) => Math.abs(level - greyLevels()[quarter]!)),
    ),
  )

describe.each(spaces)('a profile of $name', (space) => {
  const icc = iccProfile(space)
  const channels = space.primaries ? 3 : 1
  const values = deviceValues(space)

  test.each([8, 16] as const)('at %i bits comes out as sRGB within 2 levels', async (depth) => {
    for (const make of Object.values(formats)) {
      const image = await decodeImage(make(values, depth, icc, channels), 50)
      // Values of 8 bits are rounded more coarsely than what is made of them, where the space is linear or wide.
      const within = depth === 16 ? 2 : space.gamma === 1 ? 9 : 3
      const off = space.primaries ? worstLevel(image) : worstGrey(image)
      expect(off).toBeLessThanOrEqual(within)
    }
  })
})

test('a picture of 16 bits keeps its colours when it is made smaller', async () => {
  const [space] = spaces
  const values = deviceValues(space!, 1600, 1200)
  const image = await decodeImage(profiledPng(values, 16, iccProfile(space!), 3, 1600), 50)
  expect([image.width, image.height]).toEqual([1024, 768])
  expect(worstLevel(image)).toBeLessThanOrEqual(2)
})

test('a profile in tables, here of CMYK, is heeded at 8 and at 16 bits', async () => {
  const cmyk = await quarters().toColourspace('cmyk').withIccProfile('cmyk').tiff().toBuffer()
  const shown = await decodeImage(cmyk, 50)
  expect(worstLevel(shown)).toBeLessThan(100) // printing inks reach no such blue
  const managed = await sharp(cmyk).raw().toBuffer()
  expect(Math.abs(managed[0]! - shown.rgb[0]!)).toBeLessThanOrEqual(2)
})

test('AVIF of 10 bits, HEIC of 10 bits and JPEG XL in a wide space come out as sRGB', async () => {
  const p3 = await quarters().withIccProfile('p3').avif({ lossless: true, bitdepth: 10 }).toBuffer()
  expect(worstLevel(await decodeImage(p3, 50))).toBeLessThanOrEqual(3)
  for (const key of ['heic10AdobeRgb', 'jxlAdobeRgb', 'heic10'] as const) {
    const image = await decodeImage(Buffer.from(encodedQuarters[key], 'base64'), 50)
    expect(worstLevel(image), key).toBeLessThanOrEqual(3)
  }
})

test('the profile of a HEIC is heeded', async () => {
  // The same coded picture, told to be linear in a space whose red and green are swapped.
  const swapped = spaces.find(({ name }) => name === 'wide, swapped')!
  const { rgb } = await decodeImage(
    heifFile([{ ...codedPicture(), properties: [profile(iccProfile(swapped))] }]),
    50,
  )
  expect(rgb[1]!).toBeGreaterThan(rgb[0]!)
})

test('a profile that is none, or of another kind of picture, changes nothing', async () => {
  const grey = iccProfile(spaces.find(({ primaries }) => !primaries)!)
  const values = Uint16Array.from(deviceValues(spaces[0]!))
  for (const icc of [grey, Buffer.from('no profile'), iccProfile(spaces[0]!).subarray(0, 140)]) {
    for (const depth of [8, 16] as const) {
      const { rgb } = await decodeImage(profiledPng(values, depth, icc, 3), 50)
      expect(Math.abs(rgb[0]! - values[0]! / 257)).toBeLessThanOrEqual(2)
    }
  }
})
