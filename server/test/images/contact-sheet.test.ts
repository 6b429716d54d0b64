import sharp from 'sharp'
import { expect, test } from 'vitest'
import { drawContactSheet } from '../../src/images/contact-sheet.ts'
import type { NormalisedImage } from '../../src/images/image.ts'

function flat(width: number, height: number, value: number): NormalisedImage {
  const rgb = new Uint8Array(width * height * 3).fill(value)
  return { rgb, width, height, source: { format: 'png', width, height } }
}

async function sheetOf(pictures: (NormalisedImage | null)[]) {
  const jpeg = await drawContactSheet(pictures.map((picture) => async () => picture))
  const { data, info } = await sharp(jpeg).raw().toBuffer({ resolveWithObject: true })
  const near = (left: number, top: number) => Math.round(data[(top * info.width + left) * 3]! / 10) * 10 // prettier-ignore
  return { width: info.width, height: info.height, near }
}

test('four lie in a row, as high as the tallest, and what is missing stays grey', async () => {
  const wide = flat(400, 200, 0)
  const { width, height, near } = await sheetOf([wide, wide, wide, wide, null])
  expect({ width, height }).toEqual({ width: 1020, height: 126 + 4 + 252 })
  expect([near(128, 100), near(900, 100), near(128, 300), near(400, 300)]).toEqual([0, 0, 200, 250])
})

test('a number is white on black whatever is beneath, and many pictures fit', async () => {
  const { near } = await sheetOf([flat(300, 300, 120)])
  // The shaft of the digit 1, and its rim.
  expect([near(1, 1), near(60, 60)]).toEqual([0, 120])
  expect(near(10, 14)).toBeGreaterThanOrEqual(240)
  const many = await sheetOf(Array.from({ length: 100 }, () => flat(100, 100, 60)))
  expect(many).toMatchObject({ width: 1276, height: 1276 })
})
