import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packRows } from '../src/components/rows/pack.ts'

const ratios = fc.array(fc.double({ min: 0.05, max: 20, noNaN: true }), { maxLength: 60 })
const packing = fc.record({
  width: fc.integer({ min: 300, max: 4000 }),
  height: fc.integer({ min: 120, max: 300 }),
  gap: fc.integer({ min: 0, max: 24 }),
})

test('rows hold every picture once and in order, and all but the last fill the width', () => {
  fc.assert(
    fc.property(ratios, packing, (ratios, packing) => {
      const rows = packRows(ratios, packing)
      expect(rows.flatMap(({ start, end }) => ratios.slice(start, end))).toEqual(ratios)
      rows.forEach(({ start, end, widths, height }, index) => {
        expect(widths).toHaveLength(end - start)
        const total =
          widths.reduce((sum, width) => sum + width, 0) + packing.gap * (end - start - 1)
        expect(total).toBeLessThanOrEqual(packing.width + 0.01)
        const isLast = index === rows.length - 1
        expect(isLast || Math.abs(total - packing.width) < 0.01).toBe(true)
        expect(height).toBeLessThanOrEqual(3 * packing.height)
      })
    }),
  )
})

test('photographs get rows near the wanted height, and keep their shapes', () => {
  const shapes = Array.from({ length: 200 }, (_, index) => [1.5, 0.75, 1.33, 1, 1.78][index % 5]!)
  const rows = packRows(shapes, { width: 1200, height: 240, gap: 12 })
  for (const { start, widths, height } of rows.slice(0, -1)) {
    expect(height).toBeGreaterThan(190)
    expect(height).toBeLessThan(310)
    widths.forEach((width, index) => expect(width / height).toBeCloseTo(shapes[start + index]!, 5))
  }
})

test('a picture of unknown shape is a square', () => {
  const [row] = packRows([Number.NaN, 0], { width: 1000, height: 200, gap: 0 })
  expect(row).toEqual({ start: 0, end: 2, height: 200, widths: [200, 200] })
})
