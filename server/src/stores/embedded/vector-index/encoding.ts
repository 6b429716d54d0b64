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
  return (vector) =>
    Int8Array.from(rotation.turn(vector), (value) =>
      Math.max(-largest, Math.min(largest, Math.round(value * scale))),
    )
}
