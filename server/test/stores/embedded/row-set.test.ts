import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RowSet } from '../../../src/stores/embedded/filter/row-set.ts'

const rows = fc.array(fc.nat(200), { maxLength: 80 })

function made(from: number[]): RowSet {
  const set = new RowSet()
  for (const row of from) set.add(row)
  return set
}

test('it holds what sets of numbers hold', () =>
  fc.assert(
    fc.property(rows, rows, rows, (added, removed, other) => {
      const set = made(added)
      for (const row of removed) set.delete(row)
      const same = new Set(added.filter((row) => !removed.includes(row)))
      const expectRows = (found: RowSet, expected: Iterable<number>) => {
        const sorted = [...new Set(expected)].toSorted((a, b) => a - b)
        expect([...found]).toEqual(sorted)
        expect(found.size).toBe(sorted.length)
        expect([...found.lists(7)].flatMap((list) => [...list].length)).toEqual(
          Array.from({ length: Math.ceil(sorted.length / 7) }, (_, at) => Math.min(7, sorted.length - 7 * at)), // prettier-ignore
        )
        for (const before of [0, 31, 32, 100, 10_000]) {
          const below = sorted.filter((row) => row < before).toReversed()
          expect(found.lastBefore(before, 5)).toEqual(below.slice(0, 5))
        }
        expect(
          Array.from({ length: 300 }, (_, row) => row).filter((row) => found.has(row)),
        ).toEqual(sorted)
      }
      expectRows(set, same)
      expectRows(
        set.and(made(other)),
        [...same].filter((row) => other.includes(row)),
      )
      expectRows(set.or(made(other)), [...same, ...other])
      expectRows(
        set.without(made(other)),
        [...same].filter((row) => !other.includes(row)),
      )
    }),
  ))
