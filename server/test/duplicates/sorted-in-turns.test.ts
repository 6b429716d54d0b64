import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sortedInTurns } from '../../src/library/duplicates/sorted-in-turns.ts'

test('a list sorted in turns is what it is sorted at once, equals in their order', () =>
  fc.assert(
    fc.asyncProperty(fc.nat(20_000), fc.nat(50), async (length, kinds) => {
      const values = Array.from({ length }, (_, at) => ({ at, kind: (at * 7919) % (kinds + 1) }))
      const byKind = (a: { kind: number }, b: { kind: number }) => a.kind - b.kind
      expect(await sortedInTurns(values, byKind)).toEqual(values.toSorted(byKind))
    }),
    { numRuns: 15 },
  ))
