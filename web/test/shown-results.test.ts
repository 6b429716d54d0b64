import { expect, test } from 'vitest'
import type { SearchResult } from '@lookalike/sdk'
import { byLikeness, shownResults } from '../src/features/results/shown-results.ts'

const results = [0.99, 0.62, 0.6, 0.1, -0.05].map((score) => ({ score }) as SearchResult)

function scores(limit: number, minimum: number) {
  const { shown, belowMinimum } = shownResults(results, { limit, minimum })
  return [shown, belowMinimum].map((part) => part.map(({ score }) => score))
}

test('a minimum keeps what reaches it, as a search with that threshold would', () => {
  expect(scores(10, 0.6)).toEqual([
    [0.99, 0.62, 0.6],
    [0.1, -0.05],
  ])
  expect(scores(10, 1)).toEqual([[], [0.99, 0.62, 0.6, 0.1, -0.05]])
})

test('a minimum of 0 cuts nothing, not even scores below it', () => {
  expect(scores(10, 0)).toEqual([[0.99, 0.62, 0.6, 0.1, -0.05], []])
})

test('a lower limit shows fewer, and counts only those as hidden', () => {
  expect(scores(4, 0.61)).toEqual([
    [0.99, 0.62],
    [0.6, 0.1],
  ])
})

test('what is named so is under no minimum, and counts as alike', () => {
  const all = [
    { score: 0.02, match: 'weak', found_by: 'words' },
    { score: 0.1, match: 'weak', found_by: 'likeness' },
    { score: 0.3, match: 'weak', found_by: 'likeness' },
  ] as SearchResult[]
  const { shown, belowMinimum } = shownResults(all, { limit: 10, minimum: 0.2 })
  expect([shown, belowMinimum]).toEqual([[all[0], all[2]], [all[1]]])
  const calibration = { sure: true, pictures: 64, detail: null }
  expect(byLikeness(shown, { calibration })).toEqual({ alike: [all[0]], others: [all[2]] })
})
