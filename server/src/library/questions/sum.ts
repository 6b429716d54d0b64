import { LookalikeError } from '../../errors.ts'
import { unitVector } from '../../records/vectors.ts'

interface Weighted {
  readonly vector: Float32Array
  readonly weight: number
}

/** Below this length the parts of a sum cancel each other, and what is left is chance. */
const leastLength = 1e-3

/**
 * q = unit(sum of w_i * u_i), with u_i the unit vectors of the parts and w_i their weights, negative ones subtracting: the
 * rule of Rocchio (Relevance feedback in information retrieval, 1971) with weights of one's own.
 *
 * @throws LookalikeError `invalid_parameter` where the parts cancel each other
 */
export function sumOf(parts: readonly Weighted[]): Float32Array {
  const sum = plainSum(parts)
  const most = Math.max(...parts.map(({ weight }) => Math.abs(weight)))
  if (Math.hypot(...sum) < leastLength * most) {
    throw new LookalikeError(
      'invalid_parameter',
      'The parts of the question cancel each other: the same picture is both wanted and not. Leave one out, or weigh it less.',
    )
  }
  return unitVector(sum)
}

/** How long a sum is before it is made a unit vector. */
export function lengthOfSum(parts: readonly Weighted[]): number {
  return Math.hypot(...plainSum(parts))
}

function plainSum(parts: readonly Weighted[]): Float32Array {
  const sum = new Float32Array(parts[0]!.vector.length)
  for (const { vector, weight } of parts) {
    for (let at = 0; at < sum.length; at++) sum[at]! += weight * vector[at]!
  }
  return sum
}
