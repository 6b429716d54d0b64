import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { assemble, binaryOf, texts } from '../../../../evals/training/kernel/assemble-texts.ts'
import { Kernel } from '../../../src/embedders/visual/visual-2/kernel/dot-products.ts'

test.each(texts)('the shipped binary is what %s assembles to', async (text) => {
  expect(Buffer.from(await assemble(text))).toEqual(readFileSync(binaryOf(text)))
})

test('every row of one matrix times every row of the other', () => {
  const kernel = new Kernel(1)
  const a = kernel.rows(3, 12)
  const b = kernel.rows(5, 8)
  const c = kernel.rows(3, 12)
  a.values.forEach((_, at) => (a.values[at] = ((at * 7) % 11) - 5))
  for (let at = 0; at < 40; at++) b.values[at] = ((at * 5) % 13) - 6
  kernel.multiply(a, 4, b, c, 4)
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 5; column++) {
      let sum = 0
      for (let at = 0; at < 8; at++)
        sum += a.values[row * 12 + 4 + at]! * b.values[column * 8 + at]!
      expect(c.values[row * 12 + 4 + column]).toBe(sum)
    }
  }
})

test('asking for more rows than there is memory for is an error', () => {
  expect(() => new Kernel(1).rows(1000, 1000)).toThrow(RangeError)
})
