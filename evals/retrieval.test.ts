import { expect, test } from 'vitest'
import { estimate } from './bootstrap.ts'
import { pairScores, retrieve } from './retrieval.ts'

const at = (degrees: number) =>
  Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180))

test('average precision and precision at k, worked out by hand', () => {
  // From 0 degrees: b at 10, a at 20, b at 30, a at 40. Relevant at ranks 2 and 4.
  const [query] = retrieve([at(0), at(10), at(20), at(30), at(40)], ['a', 'b', 'a', 'b', 'a'])
  expect(query).toMatchObject({ p1: 0, p10: 0.2 })
  expect(query!.ap).toBeCloseTo((1 / 2 + 2 / 4) / 2)
  expect(query!.nearest.map(({ index }) => index)).toEqual([1, 2, 3, 4])
})

test('the median score of all pairs', () => {
  expect(pairScores([at(0), at(60), at(90)]).median).toBeCloseTo(0.5)
})

test('an interval around the mean that narrows as values agree', () => {
  const spread = estimate([0, 1, 0, 1, 1, 0, 1, 0])
  expect(spread.mean).toBe(0.5)
  expect(spread.low).toBeLessThan(0.35)
  expect(spread.high).toBeGreaterThan(0.65)
  expect(estimate([0.4, 0.4, 0.4])).toEqual({
    mean: expect.closeTo(0.4),
    low: expect.closeTo(0.4),
    high: expect.closeTo(0.4),
  })
})
