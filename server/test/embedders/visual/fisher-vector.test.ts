import { expect, test } from 'vitest'
import {
  FisherEncoder,
  type FisherModel,
} from '../../../src/embedders/visual/visual-2/fisher/fisher-vector.ts'
import type { Patches } from '../../../src/embedders/visual/visual-2/fisher/patches.ts'

/** Numbers that look arbitrary and are the same on every run. */
function numbers(length: number, seed: number, spread: number, middle = 0): Float32Array {
  return Float32Array.from(
    { length },
    (_, at) => middle + spread * Math.sin(seed + at * 12.9898 + (at % 7)),
  )
}

const half = 8
const gaussians = 3
const odd = 3
const even = 4
const model: FisherModel = {
  reduction: {
    mean: numbers(half, 1, 0.2),
    oddBasis: numbers((odd - 1) * half, 2, 0.7),
    evenBasis: numbers((even - 1) * half, 3, 0.7),
  },
  mixture: {
    weights: Float32Array.of(0.5, 0.3, 0.2),
    means: numbers(gaussians * (odd + even), 4, 0.8),
    variances: numbers(gaussians * (odd + even), 5, 0.4, 0.8),
  },
}
const patches: Patches = {
  count: 10,
  length: 2 * half,
  values: numbers(10 * 2 * half, 6, 0.9),
  x: numbers(10, 7, 0.45),
  y: numbers(10, 8, 0.45),
}

/** The definition, term by term: log densities, posteriors, gradients. */
function byDefinition(): Float64Array {
  const { reduction, mixture } = model
  const width = odd + even
  const size = gaussians * width
  const vector = new Float64Array(2 * size)
  let total = 0
  for (const side of [1, -1]) {
    for (let patch = 0; patch < patches.count; patch++) {
      const at = patch * patches.length
      const [x, y] = [patches.x[patch]!, patches.y[patch]!]
      const rows = (basis: Float32Array, value: (index: number) => number) =>
        Array.from({ length: basis.length / half }, (_, row) => {
          let sum = 0
          for (let index = 0; index < half; index++)
            sum += basis[row * half + index]! * value(index)
          return sum
        })
      const point = [
        ...rows(reduction.oddBasis, (index) => side * patches.values[at + half + index]!),
        side * 3 * x,
        ...rows(
          reduction.evenBasis,
          (index) => patches.values[at + index]! - reduction.mean[index]!,
        ),
        3 * y,
      ]
      const densities = [...mixture.weights].map((weight, gaussian) =>
        point.reduce((density, value, column) => {
          const variance = mixture.variances[gaussian * width + column]!
          const from = value - mixture.means[gaussian * width + column]!
          return (density * Math.exp((-from * from) / (2 * variance))) / Math.sqrt(variance)
        }, weight),
      )
      const all = densities.reduce((sum, density) => sum + density, 0)
      const importance = Math.exp(-(x * x + y * y) / 0.18) + 0.15
      total += importance
      densities.forEach((density, gaussian) => {
        const posterior = (importance * density) / all
        const share = posterior / Math.sqrt(mixture.weights[gaussian]!)
        point.forEach((value, column) => {
          const to = gaussian * width + column
          const away = (value - mixture.means[to]!) / Math.sqrt(mixture.variances[to]!)
          vector[to]! += share * away
          vector[size + to]! += (share * (away * away - 1)) / Math.SQRT2
        })
      })
    }
  }
  const rooted = vector.map((value) => Math.sign(value) * Math.sqrt(Math.abs(value) / total))
  const length = Math.sqrt(rooted.reduce((sum, value) => sum + value * value, 0))
  return rooted.map((value) => value / length)
}

test('the vector is the one of the definition, picture and mirror image pooled', () => {
  const encoded = new FisherEncoder(model, patches.count).encode(patches)
  const expected = byDefinition()
  expect(encoded.length).toBe(expected.length)
  encoded.forEach((value, at) => expect(value).toBeCloseTo(expected[at]!, 4))
})

test('one picture leaves no trace in the next', () => {
  const encoder = new FisherEncoder(model, patches.count)
  const first = encoder.encode(patches)
  encoder.encode({ ...patches, values: patches.values.map((value) => value * 0.3 + 0.1) })
  expect(encoder.encode(patches)).toEqual(first)
})
