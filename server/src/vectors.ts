/**
 * The vector at length 1, so that a dot product is a cosine. A vector of zeros has no direction and
 * becomes the first axis, which keeps it finite and comparable.
 */
export function unitVector(vector: Float32Array): Float32Array {
  let squares = 0
  for (const value of vector) squares += value * value
  const length = Math.sqrt(squares)
  if (length === 0) return vector.map((_, index) => (index === 0 ? 1 : 0))
  return vector.map((value) => value / length)
}

/** Dot product of two vectors of the same length; the cosine when both are of unit length. */
export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += a[index]! * b[index]!
  return sum
}
