import { expect, test } from 'vitest'
import { rasterEdge, toRaster } from '../../../src/embedders/visual/features/raster.ts'
import { colourPatches } from '../../../src/embedders/visual/visual-2/fisher/colour-patches.ts'
import { gradientPatches } from '../../../src/embedders/visual/visual-2/fisher/gradient-patches.ts'

/** Shapes and colours that are nowhere symmetrical. */
function scene(mirrored: boolean) {
  const rgb = new Uint8Array(rasterEdge * rasterEdge * 3)
  for (let y = 0; y < rasterEdge; y++) {
    for (let column = 0; column < rasterEdge; column++) {
      const x = mirrored ? rasterEdge - 1 - column : column
      const ring = (x - 60) ** 2 + (y - 70) ** 2 < 1600
      rgb[(y * rasterEdge + column) * 3] = ring ? 220 : (x * 3) % 200
      rgb[(y * rasterEdge + column) * 3 + 1] = (x + 2 * y) % 256
      rgb[(y * rasterEdge + column) * 3 + 2] = ring ? 30 : 120
    }
  }
  return toRaster(rgb)
}

// The embedder never looks at the mirror image: it negates the second halves instead.
test.each([
  ['gradients', gradientPatches, 1863],
  ['colours', colourPatches, 875],
])(
  '%s of the mirror image: first halves stay, second halves change sign',
  (_, patchesOf, count) => {
    const plain = patchesOf(scene(false))
    const mirrored = patchesOf(scene(true))
    expect(plain.count).toBe(count)
    const places = new Map<string, number[]>()
    const place = (x: number, y: number) => `${x.toFixed(4)} ${y.toFixed(4)}`
    for (let patch = 0; patch < count; patch++) {
      const key = place(mirrored.x[patch]!, mirrored.y[patch]!)
      places.set(key, [...(places.get(key) ?? []), patch])
    }
    const half = plain.length / 2
    const row = (from: typeof plain, patch: number) =>
      from.values.subarray(patch * plain.length, (patch + 1) * plain.length)
    for (let patch = 0; patch < count; patch += 13) {
      const candidates = places.get(place(-plain.x[patch]! || 0, plain.y[patch]!)) ?? []
      // Patches of several sizes may share a centre.
      const errors = candidates.map((other) =>
        row(mirrored, other).reduce((worst, value, at) => {
          const sign = at < half ? 1 : -1
          return Math.max(worst, Math.abs(value - sign * row(plain, patch)[at]!))
        }, 0),
      )
      expect(Math.min(...errors)).toBeLessThan(1e-4)
    }
  },
)
