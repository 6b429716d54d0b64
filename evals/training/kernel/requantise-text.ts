/** 8 sums in two locals as 16-bit numbers: shifted, saturated, times the channel's multiplier / 2^15. */
function scaled(name: string, first: number, shift: number, scales: string, offset: number) {
  const shifted = (at: number) => `(i32x4.shr_s (local.get ${name}${at}) (i32.const ${shift}))`
  return `(i16x8.q15mulr_sat_s
    (i16x8.narrow_i32x4_s ${shifted(first)} ${shifted(first + 1)})
    (v128.load offset=${offset} (local.get ${scales})))`
}

const clamped = (low: string, high: string) =>
  `(i8x16.max_s (i8x16.narrow_i16x8_s ${low} ${high}) (v128.const i64x2 0 0))`

/**
 * Sixteen sums, in locals `${name}0` .. `${name}3`, as bytes of 0..127; see `network/arithmetic.ts`.
 *
 * @param scales where an i16 a channel lies
 */
export function requantised(name: string, shift: number, scales: string): string {
  return clamped(scaled(name, 0, shift, scales, 0), scaled(name, 2, shift, scales, 16))
}

/**
 * Eight sums, in locals `${name}0` and `${name}1`, as the lower eight bytes.
 *
 * @param added where eight bytes lie that are added before clamping
 */
export function requantisedHalf(
  name: string,
  shift: number,
  scales: string,
  added?: string,
): string {
  const product = scaled(name, 0, shift, scales, 0)
  const sum = added ? `(i16x8.add ${product} (v128.load8x8_u (local.get ${added})))` : product
  return clamped(sum, '(v128.const i64x2 0 0)')
}
