import { describe, expect, test } from 'vitest'
import type { SearchResponse, SearchResult } from '@lookalike/sdk'
import { arranged, inOrder } from '../src/features/results/shown-results.ts'

const found = [0.99, 0.62, 0.6, 0.1, -0.05].map(
  (score, at) =>
    ({ id: `${at}`, score, match: at < 3 ? 'strong' : 'weak', duplicate_of: null }) as SearchResult,
)
const response = { results: found, calibration: { sure: true } } as SearchResponse
const idsOf = (results: readonly SearchResult[]) => results.map(({ id }) => id)

function scores(limit: number, minimum: number) {
  const arrangement = arranged({ response, groups: null }, { limit, minimum })
  return [inOrder(arrangement), arrangement.belowMinimum].map((part) =>
    part.map(({ score }) => score),
  )
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
    { id: '0', score: 0.02, match: 'weak', found_by: 'words', duplicate_of: null },
    { id: '1', score: 0.1, match: 'weak', found_by: 'likeness', duplicate_of: null },
    { id: '2', score: 0.3, match: 'weak', found_by: 'likeness', duplicate_of: null },
  ] as SearchResult[]
  const answer = { response: { ...response, results: all }, groups: null }
  const { alike, others, belowMinimum } = arranged(answer, { limit: 10, minimum: 0.2 })
  expect([alike, others].map((part) => idsOf(inOrder({ alike: part, others: [] })))).toEqual([
    ['0'],
    ['2'],
  ])
  expect(belowMinimum).toEqual([all[1]])
})

describe('results in groups', () => {
  const groups = [
    { value: '"weak"', ids: ['3'] },
    { value: null, ids: ['0'] },
    { value: '"both"', ids: ['4', '1'] },
    { value: null, ids: ['2'] },
  ]
  const settings = { limit: 10, minimum: 0 }

  test('stand together where the best of them belongs, those that have no value at the end', () => {
    const { alike, others, counts } = arranged({ response, groups }, settings)
    expect(alike.map(({ value }) => value)).toEqual(['"both"', null])
    expect(others.map(({ value }) => value)).toEqual(['"weak"'])
    expect(counts).toEqual({ alike: 3, others: 2 })
    expect(idsOf(inOrder({ alike, others }))).toEqual(['4', '1', '0', '2', '3'])
  })

  test('are counted by the limit, and go where nothing of them is left', () => {
    const hidden = new Set(['0'])
    const { alike, others } = arranged({ response, groups }, { limit: 3, minimum: 0.5 }, hidden)
    expect(others).toEqual([])
    expect(alike.map(({ value }) => value)).toEqual(['"both"'])
    expect(idsOf(inOrder({ alike, others }))).toEqual(['1'])
  })
})
