/**
 * Brings `vector` to unit length in place.
 * A vector of (nearly) nothing becomes the first axis, so that a score is always a number.
 */
export function toUnit(vector: Float32Array): Float32Array {
  let squares = 0
  for (let index = 0; index < vector.length; index++) squares += vector[index]! ** 2
  if (squares < 1e-20) {
    vector.fill(0)
    vector[0] = 1
    return vector
  }
  const scale = 1 / Math.sqrt(squares)
  for (let index = 0; index < vector.length; index++) vector[index]! *= scale
  return vector
}

/**
 * Replaces each number by its square root, sign kept, in place: a burst of one pattern then counts
 * for less, and the dot product of two histograms becomes their Hellinger affinity.
 */
export function signedSquareRoot(vector: Float32Array): Float32Array {
  for (let index = 0; index < vector.length; index++) {
    const value = vector[index]!
    vector[index] = value < 0 ? -Math.sqrt(-value) : Math.sqrt(value)
  }
  return vector
}
