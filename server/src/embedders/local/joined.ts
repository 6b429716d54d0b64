/**
 * By what each model's unit vectors are multiplied, so that the cosine of two joined ones is the mean of both cosines, weighed
 * by the first one's share.
 */
export function scalesOf(models: number, share: number): readonly number[] {
  return models === 1 ? [1] : [Math.sqrt(share), Math.sqrt(1 - share)]
}

/**
 * Parts one after the other, at unit length. A text has zeros for the model that knows no words, so that it is compared with
 * the other's part alone.
 */
export function joined(parts: readonly Float32Array[], scales: readonly number[]): Float32Array {
  const all = parts.flatMap((part, at) => Array.from(part, (value) => value * scales[at]!))
  const length = Math.hypot(...all)
  return Float32Array.from(all, (value) => value / length)
}
