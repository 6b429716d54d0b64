import type { Quantization } from '../settings.ts'
import { Rotation } from '../codes/rotation.ts'

/** A vector as the index keeps it, and as it is asked. */
export type Encoded = Float32Array | Int8Array

/** Of one number. */
const bytes: Record<Quantization, number> = { none: 4, fp16: 2, int8: 1 }

export function encodedBytes(dimensions: number, quantization: Quantization): number {
  return bytes[quantization] * dimensions
}

const largest = 127
/** In standard deviations of a number of a turned unit vector: of ten million, a handful are beyond. */
const bound = 5

/**
 * How unit vectors are written for the index, in such a way that inner products keep their order: as they
 * are, or in 8 bits a number, in one scale for all.
 */
export function encoder(
  dimensions: number,
  quantization: Quantization,
): (vector: Float32Array) => Encoded {
  if (quantization !== 'int8') return (vector) => vector
  const rotation = new Rotation(dimensions)
  const scale = largest / Math.min(1, bound / Math.sqrt(dimensions))
  return (vector) => {
    const turned = rotation.turn(vector)
    const encoded = new Int8Array(dimensions)
    // Not Int8Array.from: it takes longer than the rotation.
    for (let at = 0; at < dimensions; at++) {
      encoded[at] = Math.max(-largest, Math.min(largest, Math.round(turned[at]! * scale)))
    }
    return encoded
  }
}
