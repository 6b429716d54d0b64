import { clampedShift } from '../../../server/src/embedders/visual/network/arithmetic.ts'
import { requantised } from './requantise-text.ts'

const fours = [0, 1, 2, 3]
const each = <T>(of: readonly T[], text: (one: T) => string) => of.map(text).join('\n')

const interleave = {
  bytesLow: '0 16 1 17 2 18 3 19 4 20 5 21 6 22 7 23',
  bytesHigh: '8 24 9 25 10 26 11 27 12 28 13 29 14 30 15 31',
  pairsLow: '0 1 16 17 2 3 18 19 4 5 20 21 6 7 22 23',
  pairsHigh: '8 9 24 25 10 11 26 27 12 13 28 29 14 15 30 31',
}

/** Four times 16 channels in `$r0` .. `$r3` become four vectors of four values a channel, stored at `$to`. */
function transpose(offset: number): string {
  const shuffle = (how: keyof typeof interleave, one: string, two: string) =>
    `(i8x16.shuffle ${interleave[how]} (local.get ${one}) (local.get ${two}))`
  return `
  (local.set $t0 ${shuffle('bytesLow', '$r0', '$r1')})
  (local.set $t1 ${shuffle('bytesHigh', '$r0', '$r1')})
  (local.set $t2 ${shuffle('bytesLow', '$r2', '$r3')})
  (local.set $t3 ${shuffle('bytesHigh', '$r2', '$r3')})
  (v128.store offset=${offset} (local.get $to) ${shuffle('pairsLow', '$t0', '$t2')})
  (v128.store offset=${offset + 16} (local.get $to) ${shuffle('pairsHigh', '$t0', '$t2')})
  (v128.store offset=${offset + 32} (local.get $to) ${shuffle('pairsLow', '$t1', '$t3')})
  (v128.store offset=${offset + 48} (local.get $to) ${shuffle('pairsHigh', '$t1', '$t3')})`
}

/**
 * One row of a depthwise convolution. `$from0` .. are the input rows it looks at; a row outside the picture is one of
 * zeros. Sixteen channels at a time the rows are laid out in `$scratch`, four values a channel side by side, with
 * columns of zeros at either end: of 3 x 3 the three rows; of 5 x 5 the upper four rows, and of the fifth the four
 * columns from there on. The left columns of zeros are never written, so `$scratch` must begin as zeros.
 */
export function depthwise(kernel: 3 | 5): string {
  const pad = kernel >> 1
  const column = kernel === 3 ? 64 : 128
  const rows = Array.from({ length: kernel }, (_, row) => row)
  // Where each group of four taps lies, from the column of the first.
  const groups = kernel === 3 ? [0, 64, 128] : [0, 128, 256, 384, 512, 64, 64 + 4 * 128]
  const zero = (address: string, bytes: number) =>
    each(
      Array.from({ length: bytes / 16 }, (_, at) => at),
      (at) => `(v128.store offset=${16 * at} ${address} (v128.const i64x2 0 0))`,
    )
  const load = (row: number, into: number) => `(local.set $r${into} (v128.load (i32.add
    (local.get $from${row}) (local.get $offset))))`
  const lastRow = `
    ;; The fifth row by itself, between zeros, and then four columns of it at a time.
    (local.set $offset (local.get $channel))
    (local.set $at (i32.add (local.get $line) (i32.const 32)))
    (local.set $stop (i32.add (local.get $at) (i32.shl (local.get $width) (i32.const 4))))
    (loop $copy
      (v128.store (local.get $at) (v128.load (i32.add (local.get $from4) (local.get $offset))))
      (local.set $offset (i32.add (local.get $offset) (local.get $channels)))
      (br_if $copy (i32.lt_u
        (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $stop))))
    ${zero('(local.get $at)', 96)}
    (local.set $at (local.get $line))
    (local.set $to (local.get $scratch))
    (local.set $stop (i32.add (local.get $stop) (i32.const 32)))
    (loop $fifth
      ${each(fours, (four) => `(local.set $r${four} (v128.load offset=${16 * four} (local.get $at)))`)}
      ${transpose(64)}
      (local.set $to (i32.add (local.get $to) (i32.const ${column})))
      (br_if $fifth (i32.lt_u
        (local.tee $at (i32.add (local.get $at) (i32.const 16))) (local.get $stop))))`
  return `(func (export "depthwise${kernel}")
  ${each(rows, (row) => `(param $from${row} i32)`)}
  (param $width i32) (param $channels i32) (param $w i32) (param $bias i32) (param $scales i32)
  (param $y i32) (param $stride i32) (param $outWidth i32) (param $scratch i32) ${kernel === 5 ? '(param $line i32)' : ''}
  (local $channel i32) (local $offset i32) (local $to i32) (local $at i32) (local $stop i32)
  (local $x i32) (local $pixel i32) (local $one i32) (local $two i32)
  (local $r0 v128) (local $r1 v128) (local $r2 v128) (local $r3 v128)
  (local $t0 v128) (local $t1 v128) (local $t2 v128) (local $t3 v128) (local $v v128)
  ${each([0, 1], (out) => each(fours, (four) => `(local $c${out}${four} v128)`))}
  (loop $blocks
    (local.set $offset (local.get $channel))
    (local.set $to (i32.add (local.get $scratch) (i32.const ${pad * column})))
    (local.set $stop (i32.add (local.get $to) (i32.mul (local.get $width) (i32.const ${column}))))
    (loop $columns
      ${each(rows.slice(0, 4), (row) => load(row, row))}
      ${transpose(0)}
      (local.set $offset (i32.add (local.get $offset) (local.get $channels)))
      (br_if $columns (i32.lt_u
        (local.tee $to (i32.add (local.get $to) (i32.const ${column}))) (local.get $stop))))
    ${each(
      Array.from({ length: pad }, (_, at) => at),
      (at) =>
        [0, 16, 32, 48]
          .map(
            (byte) =>
              `(v128.store offset=${at * column + byte} (local.get $to) (v128.const i64x2 0 0))`,
          )
          .join('\n'),
    )}
    ${kernel === 5 ? lastRow : ''}
    (local.set $x (i32.const 0))
    (loop $outputs
      (local.set $pixel (select
        (local.get $x) (i32.sub (local.get $outWidth) (i32.const 2))
        (i32.lt_s (local.get $x) (i32.sub (local.get $outWidth) (i32.const 2)))))
      (local.set $one (i32.add (local.get $scratch)
        (i32.mul (i32.mul (local.get $pixel) (local.get $stride)) (i32.const ${column}))))
      (local.set $two (i32.add (local.get $one) (i32.mul (local.get $stride) (i32.const ${column}))))
      ${each(fours, (four) => each([0, 1], (out) => `(local.set $c${out}${four} (v128.load offset=${16 * four} (local.get $bias)))`))}
      ${each(
        groups.map((offset, group) => ({ offset, group })),
        ({ offset, group }) =>
          each(fours, (four) => {
            const sum = (
              out: number,
              base: string,
            ) => `(local.set $c${out}${four} (call $dot (local.get $v)
        (v128.load offset=${offset + 16 * four} (local.get ${base})) (local.get $c${out}${four})))`
            return `(local.set $v (v128.load offset=${64 * group + 16 * four} (local.get $w)))
      ${sum(0, '$one')}
      ${sum(1, '$two')}`
          }),
      )}
      (local.set $to (i32.add (i32.add (local.get $y) (local.get $channel))
        (i32.mul (local.get $pixel) (local.get $channels))))
      (v128.store (local.get $to) ${requantised('$c0', clampedShift, '$scales')})
      (v128.store (i32.add (local.get $to) (local.get $channels)) ${requantised('$c1', clampedShift, '$scales')})
      (br_if $outputs (i32.lt_s
        (local.tee $x (i32.add (local.get $x) (i32.const 2))) (local.get $outWidth))))
    (local.set $w (i32.add (local.get $w) (i32.const ${groups.length * 64})))
    (local.set $bias (i32.add (local.get $bias) (i32.const 64)))
    (local.set $scales (i32.add (local.get $scales) (i32.const 32)))
    (br_if $blocks (i32.lt_s
      (local.tee $channel (i32.add (local.get $channel) (i32.const 16))) (local.get $channels)))))`
}
