import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bandsOf, isNear } from '../../src/records/perceptual.ts'

const hash = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const text = (bits: bigint) => bits.toString(16).padStart(16, '0')
const flips = fc.uniqueArray(fc.integer({ min: 0, max: 63 }), { maxLength: 12 })

test('hashes up to three bits apart are near, above five never, and what is near shares a band', () => {
  fc.assert(
    fc.property(hash, flips, (bits, flipped) => {
      const [one, other] = [
        text(bits),
        text(flipped.reduce((value, at) => value ^ (1n << BigInt(at)), bits)),
      ]
      const near = isNear(one, other)
      expect(near).toBe(isNear(other, one))
      expect(near || flipped.length > 3).toBe(true)
      expect(near && flipped.length > 5).toBe(false)
      const bands = new Set(bandsOf(one))
      expect(!near || bandsOf(other).some((band) => bands.has(band))).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('a plain picture is near to none', () => {
  expect([bandsOf(''), isNear('', ''), isNear('', '0123456789abcdef')]).toEqual([[], false, false])
})
