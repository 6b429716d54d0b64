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
  for (let at = 0; at < a.length; at++) sum += a[at]! * b[at]!
  return sum
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
