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
  // Four sums at once: one alone would wait for each addition to finish, and take three times as long.
  let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0]
  const whole = a.length - (a.length % 4)
  for (let at = 0; at < whole; at += 4) {
    sum0 += a[at]! * b[at]!
    sum1 += a[at + 1]! * b[at + 1]!
    sum2 += a[at + 2]! * b[at + 2]!
    sum3 += a[at + 3]! * b[at + 3]!
  }
  for (let at = whole; at < a.length; at++) sum0 += a[at]! * b[at]!
  return sum0 + sum1 + (sum2 + sum3)
}

/** 32-bit floats, little-endian, in base64: a third of the size of decimal digits, and exact. */
export function base64OfVector(vector: Float32Array): string {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64')
}

/** The opposite; null when the bytes are not whole floats. */
export function vectorOfBase64(text: string): Float32Array | null {
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length % 4 !== 0) return null
  // Copied, because a small Buffer lies anywhere in a shared pool, and floats must be aligned.
  return new Float32Array(new Uint8Array(bytes).buffer)
}
