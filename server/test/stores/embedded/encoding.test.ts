import { expect, test } from 'vitest'
import { dot, unitVector } from '../../../src/records/vectors.ts'
import { Rotation } from '../../../src/stores/embedded/codes/rotation.ts'
import { encoder } from '../../../src/stores/embedded/vector-index/encoding.ts'
import { randomNumbers } from '../../support/crash-operations.ts'

test.each([3, 8, 224, 1000, 1536])(
  'cosines of vectors of %i dimensions survive 8 bits, also where few numbers hold most of them',
  (dimensions) => {
    const random = randomNumbers(dimensions)
    const { encode, unit, deviation } = encoder(new Rotation(dimensions), 'int8')
    const errors: number[] = []
    const draw = (outlier: number) =>
      unitVector(
        Float32Array.from({ length: dimensions }, (_, at) => random() - 0.5 + (at < 2 ? outlier : 0)), // prettier-ignore
      )
    const inCodes = (a: Float32Array, b: Float32Array) =>
      dot(Float32Array.from(encode(a)), Float32Array.from(encode(b)))
    for (const outlier of [0, 20]) {
      for (let pair = 0; pair < 20; pair++) {
        const [a, b] = [draw(outlier), draw(outlier)]
        const one = inCodes(a, a)
        expect(inCodes(a, b) / one).toBeCloseTo(dot(a, b), dimensions < 10 ? 1 : 2)
        errors.push(unit * inCodes(a, b) - dot(a, b))
      }
    }
    const squares = errors.reduce((sum, error) => sum + error ** 2, 0)
    expect(Math.sqrt(squares / errors.length)).toBeLessThan(1.5 * deviation)
  },
)
