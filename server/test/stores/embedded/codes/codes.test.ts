import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { dot, unitVector } from '../../../../src/records/vectors.ts'
import { RowSet } from '../../../../src/stores/embedded/filter/row-set.ts'
import { Codes } from '../../../../src/stores/embedded/codes/codes.ts'
import { Rotation } from '../../../../src/stores/embedded/codes/rotation.ts'

let folder: string
let opened: Codes[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lookalike-'))
})
afterEach(() => {
  for (const codes of opened) codes.close()
  opened = []
  rmSync(folder, { recursive: true, force: true })
})

function open(dimensions: number): Codes {
  const codes = new Codes(join(folder, 'codes'), dimensions)
  opened.push(codes)
  return codes
}

/** Numbers that look random and are always the same. */
function vectors(count: number, dimensions: number, seed = 1): Float32Array[] {
  let state = seed
  const next = () => (state = (state * 1_103_515_245 + 12_345) & 0x7fffffff) / 2 ** 31
  const normal = () => Array.from({ length: 12 }, next).reduce((sum, value) => sum + value) - 6
  return Array.from({ length: count }, () =>
    unitVector(Float32Array.from({ length: dimensions }, normal)),
  )
}

function rowSet(rows: Iterable<number>): RowSet {
  const set = new RowSet()
  for (const row of rows) set.add(row)
  return set
}

const at = (row: number, vector: Float32Array) => ({
  row,
  turned: new Rotation(vector.length).turn(vector),
})
const rowsOf = (all: Float32Array[]) => all.map((vector, row) => at(row, vector))

describe.each([1, 3, 8, 100, 224, 384, 512, 768, 1536, 3072])('%i dimensions', (dimensions) => {
  test('estimates are as far from the truth as the codes say', async () => {
    const all = vectors(300, dimensions)
    const codes = open(dimensions)
    codes.put(rowsOf(all))
    const [query] = vectors(1, dimensions, 7)
    const estimates = await codes.nearest(query!, rowSet(all.keys()), all.length)
    expect(estimates).toHaveLength(all.length)
    const squares = estimates.map(({ row, score }) => (score - dot(query!, all[row]!)) ** 2)
    const deviation = Math.sqrt(squares.reduce((sum, square) => sum + square) / all.length)
    expect(deviation).toBeLessThan(1.3 * codes.deviation)
    expect(codes.deviation).toBeLessThan(0.04)
  })

  test('vectors of one number, and of all the same, are near themselves', async () => {
    const all = [0, dimensions - 1].map((one) =>
      Float32Array.from({ length: dimensions }, (_, at) => Number(at === one)),
    )
    all.push(new Float32Array(dimensions).fill(1 / Math.sqrt(dimensions)))
    const codes = open(dimensions)
    codes.put(rowsOf(all))
    for (const vector of all) {
      const estimates = await codes.nearest(vector, rowSet(all.keys()), 3)
      for (const { row, score } of estimates) {
        expect(Math.abs(score - dot(vector, all[row]!))).toBeLessThan(8 * codes.deviation)
      }
    }
  })
})

test('only the rows asked for, the best of them first, those without a code left out', async () => {
  const all = vectors(5_000, 16)
  const codes = open(16)
  codes.put(rowsOf(all).filter(({ row }) => row % 5 !== 0))
  const [query] = vectors(1, 16, 7)
  const asked = [...all.keys(), 1_000_000].filter((row) => row % 2 === 0)
  const expected = asked
    .filter((row) => row % 5 !== 0 && row < all.length)
    .sort((a, b) => dot(query!, all[b]!) - dot(query!, all[a]!))
  const found = await codes.nearest(query!, rowSet(asked), 20)
  expect(found.map(({ score }) => score)).toEqual(
    found.map(({ score }) => score).toSorted((a, b) => b - a),
  )
  const near = new Set(expected.slice(0, 25))
  expect(found.filter(({ row }) => near.has(row))).toHaveLength(20)
})

test('the file keeps them, with what was replaced and removed', async () => {
  const all = vectors(3_000, 8)
  const first = open(8)
  expect(first.ready).toBe(true)
  first.put(rowsOf(all))
  first.put([at(1, all[2]!)])
  first.remove([5, 9_999])
  expect(first.size).toBe(2_999)
  first.close()
  const again = open(8)
  expect(again.ready).toBe(false)
  const reading = again.read()
  again.put([at(2_999, all[0]!)])
  again.remove([7])
  await reading
  expect(again).toMatchObject({ ready: true, size: 2_998 })
  const rows = async (row: number) =>
    (await again.nearest(all[row]!, rowSet(all.keys()), 3)).map((each) => each.row)
  expect(await rows(2)).toEqual(expect.arrayContaining([1, 2]))
  expect(await rows(0)).toEqual(expect.arrayContaining([0, 2_999]))
  expect(await rows(5)).not.toContain(5)
})

test('rows that are gone leave their memory to later ones, however high those are', () => {
  const codes = open(8)
  const [vector] = vectors(1, 8)
  for (let first = 0; first < 200_000; first += 2_000) {
    codes.put(Array.from({ length: 2_000 }, (_, n) => at(first + n, vector!)))
    codes.remove(Array.from({ length: 2_000 }, (_, at) => first + at))
  }
  expect(codes.size).toBe(0)
  expect(existsSync(join(folder, 'codes'))).toBe(true)
  expect(statSync(join(folder, 'codes')).size).toBeGreaterThan(0)
})
