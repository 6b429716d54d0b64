import { expect, test } from 'vitest'
import type { NormalisedImage } from '../../server/src/images/image.ts'
import { findDoubles } from './doubles.ts'
import { differenceHash, isSamePicture } from './same-picture.ts'
import { transform, transformationNames } from './transformations.ts'

function picture(seed: number, width = 120, height = 80): NormalisedImage {
  const rgb = Uint8Array.from({ length: width * height * 3 }, (_, at) => {
    const x = Math.floor(at / 3) % width
    const y = Math.floor(at / 3 / width)
    return 128 + 90 * Math.sin((x * (seed + 2)) / width + seed) * Math.cos((y * seed * 2) / height)
  })
  return { rgb, width, height, source: { format: 'png', width, height } }
}

test.each([
  ['half size', 60, 40],
  ['JPEG q40', 120, 80],
  ['crop 10 %', 108, 72],
  ['brightness +30 %', 120, 80],
  ['blur', 120, 80],
  ['flip', 120, 80],
])('%s: the size it should have', async (name, width, height) => {
  const changed = await transform(name, picture(3))
  expect(changed).toMatchObject({ width, height })
  expect(changed.rgb.length).toBe(width * height * 3)
  expect(transformationNames).toContain(name)
})

test('the smallest picture survives every change', async () => {
  for (const name of transformationNames) {
    const { rgb, width, height } = await transform(name, picture(3, 1, 1))
    expect(rgb.length).toBe(width * height * 3)
  }
})

test('copies are told from strangers', async () => {
  const [original, stranger] = [picture(3), picture(5)]
  const hash = await differenceHash(original)
  for (const name of ['half size', 'JPEG q40']) {
    const copy = await differenceHash(await transform(name, original))
    expect(isSamePicture(hash, copy)).toBe(true)
  }
  expect(isSamePicture(hash, await differenceHash(stranger))).toBe(false)
})

test('doubles are those that a line names by the ends of their paths', () => {
  const paths = ['/a/one/1.jpg', '/a/one/2.jpg', '/a/two/1.jpg', '/b/9.jpg']
  const doubles = findDoubles('# seen\none/1.jpg two/1.jpg 9.jpg # thrice\n', paths)
  expect([...doubles].map(([index, others]) => [index, [...others]])).toEqual([
    [0, [2, 3]],
    [2, [0, 3]],
    [3, [0, 2]],
  ])
  expect(() => findDoubles('1.jpg 9.jpg', paths)).toThrow(/1\.jpg, which fits 2 pictures/)
  expect(() => findDoubles('7.jpg 9.jpg', paths)).toThrow(/7\.jpg, which fits 0 pictures/)
})
