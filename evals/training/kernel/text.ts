import { depthwise } from './depthwise-text.ts'
import { pointwise, products } from './pointwise-text.ts'

/** How one instruction sequence multiplies: the sum of four products a lane, added to an accumulator. */
export type Dot = 'relaxed' | 'plain'

/**
 * Where there is no single instruction for it. The sums are the same while the second operand stays within 0..127,
 * whatever instructions an engine chooses for the relaxed one.
 */
const plainDot = `(func $dot (param $w v128) (param $x v128) (param $sum v128) (result v128)
  (local $low v128) (local $high v128)
  (local.set $low (i32x4.extadd_pairwise_i16x8_s
    (i16x8.extmul_low_i8x16_s (local.get $w) (local.get $x))))
  (local.set $high (i32x4.extadd_pairwise_i16x8_s
    (i16x8.extmul_high_i8x16_s (local.get $w) (local.get $x))))
  (i32x4.add (local.get $sum) (i32x4.add
    (i8x16.shuffle 0 1 2 3 8 9 10 11 16 17 18 19 24 25 26 27 (local.get $low) (local.get $high))
    (i8x16.shuffle 4 5 6 7 12 13 14 15 20 21 22 23 28 29 30 31 (local.get $low) (local.get $high)))))`

/** Three runs of nine bytes, halved: the 3 x 3 pixels that one output of the stem looks at, 32 bytes each. */
const gather = `(func (export "gather")
  (param $from i32) (param $row i32) (param $to i32) (param $count i32)
  (local $at i32)
  (loop $pixels
    ${[0, 1, 2]
      .map(
        (
          row,
        ) => `(local.set $at (i32.add (local.get $from) (i32.mul (local.get $row) (i32.const ${row}))))
    (i64.store offset=${9 * row} align=1 (local.get $to) (i64.and
      (i64.shr_u (i64.load align=1 (local.get $at)) (i64.const 1)) (i64.const 0x7f7f7f7f7f7f7f7f)))
    (i32.store8 offset=${9 * row + 8} (local.get $to)
      (i32.shr_u (i32.load8_u offset=8 (local.get $at)) (i32.const 1)))`,
      )
      .join('\n    ')}
    (local.set $from (i32.add (local.get $from) (i32.const 6)))
    (local.set $to (i32.add (local.get $to) (i32.const 32)))
    (br_if $pixels (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))`

/** The kernel as WebAssembly text. */
export function kernelText(dot: Dot): string {
  const text = `(module
(memory (export "memory") 1)
${dot === 'plain' ? plainDot : ''}
${gather}
${pointwise(false)}
${pointwise(true)}
${products}
${depthwise(3)}
${depthwise(5)}
)`
  // In place: not every engine inlines a function into another.
  return dot === 'plain'
    ? text
    : text.replaceAll('(call $dot', '(i32x4.relaxed_dot_i8x16_i7x16_add_s')
}
