import { expect, test } from 'vitest'
import { Projector } from '../../server/src/embedders/visual/projection.ts'
import { normalNumbers } from '../random.ts'
import { learnModel } from './learn-model.ts'
import { learnProjection } from './learn-projection.ts'

/**
 * Rows of 8: the first two numbers tell pictures apart, the next two vary as much but differ between
 * copies of one picture, the rest is faint.
 */
function data(rows: number) {
  const normal = normalNumbers(1)
  const originals = new Float32Array(rows * 8)
  const copies = new Float32Array(rows * 8)
  for (let at = 0; at < originals.length; at++) {
    const column = at % 8
    originals[at] = 5 + normal() * (column < 4 ? 1 : 0.05)
    copies[at] = column === 2 || column === 3 ? 5 + normal() : originals[at]! + normal() * 0.05
  }
  return { originals: { values: originals, length: 8 }, copies: { values: copies, length: 8 } }
}

test('what tells pictures apart is kept, what differs between copies is not', () => {
  const { originals, copies } = data(600)
  const projector = new Projector(learnProjection(originals, copies, 4))
  const around = (changes: Record<number, number>) =>
    projector.project(Float32Array.from({ length: 8 }, (_, at) => 5 + (changes[at] ?? 0)))
  const cosine = (one: Float32Array, two: Float32Array) =>
    one.reduce((sum, value, at) => sum + value * two[at]!, 0)
  const picture = around({ 0: 1, 1: 1 })
  expect(cosine(picture, around({ 0: 1, 1: 1, 2: 1 }))).toBeGreaterThan(0.9)
  expect(cosine(picture, around({ 0: 1, 1: -1 }))).toBeLessThan(0.2)
})

test('too few pictures are refused at once, with how many it takes', async () => {
  await expect(learnModel(['one.jpg'], () => {})).rejects.toThrow(/at least 400/)
})
