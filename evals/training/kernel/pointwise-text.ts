import {
  clampedShift,
  projectShift,
} from '../../../server/src/embedders/visual/network/arithmetic.ts'
import { blockChannels, tilePixels } from '../../../server/src/embedders/visual/network/pack.ts'
import { requantisedHalf } from './requantise-text.ts'

/** Ten accumulators, two vectors of weights and one of pixels: what sixteen registers hold. */
const tile = tilePixels
const rows = Array.from({ length: tile }, (_, row) => row)
const fours = Array.from({ length: blockChannels / 4 }, (_, four) => four)
const each = <T>(of: readonly T[], text: (one: T) => string) => of.map(text).join('\n')
const groupBytes = 4 * blockChannels
const groupsAtOnce = 2

const sums = each(rows, (row) => each(fours, (four) => `(local $c${row}${four} v128)`))

/** One group of four inputs: weights at `$at`, pixels at `$a0` and so on. */
function step(group: number): string {
  const offset = (four: number) => groupBytes * group + 16 * four
  return `${each(fours, (four) => `(local.set $w${four} (v128.load offset=${offset(four)} (local.get $at)))`)}
  ${each(
    rows,
    (row) => `(local.set $v (v128.load32_splat offset=${4 * group} align=1 (local.get $a${row})))
  ${each(fours, (four) => `(local.set $c${row}${four} (call $dot (local.get $w${four}) (local.get $v) (local.get $c${row}${four})))`)}`,
  )}`
}

/** All products of the pixels from `$row` on with the channels whose weights begin at `$block`. */
const accumulate = `
  (local.set $a0 (i32.add (local.get $x) (i32.mul (local.get $row) (local.get $stride))))
  ${each(rows.slice(1), (row) => `(local.set $a${row} (i32.add (local.get $a${row - 1}) (local.get $stride)))`)}
  (local.set $at (local.get $block))
  (local.set $stop (i32.add (local.get $block)
    (i32.mul (local.get $inputs) (i32.const ${blockChannels}))))
  (loop $groups
    ${each(
      Array.from({ length: groupsAtOnce }, (_, at) => at),
      step,
    )}
    ${each(rows, (row) => `(local.set $a${row} (i32.add (local.get $a${row}) (i32.const ${4 * groupsAtOnce})))`)}
    (br_if $groups (i32.lt_u
      (local.tee $at (i32.add (local.get $at) (i32.const ${groupBytes * groupsAtOnce}))) (local.get $stop))))`

const loopLocals = `(local $row i32) (local $channel i32) (local $block i32) (local $at i32) (local $stop i32)
  (local $to i32) ${each(rows, (row) => `(local $a${row} i32)`)}
  ${each(fours, (four) => `(local $w${four} v128)`)} (local $v v128)
  ${sums}`

/** The last pixels are done twice where their number is no multiple of a tile's. */
const tileRow = `(local.set $row (select
  (local.get $pixel) (i32.sub (local.get $pixels) (i32.const ${tile}))
  (i32.lt_s (local.get $pixel) (i32.sub (local.get $pixels) (i32.const ${tile})))))`

/**
 * A 1 x 1 convolution: `$pixels` rows of `$inputs` bytes, `$stride` apart, times the packed weights, a block of
 * channels at a time. The outputs of a pixel lie `$out` bytes apart. A projection adds what came in, whose pixels lie
 * `$addedStride` apart: 0 where the same zeros are added to all.
 */
export function pointwise(adds: boolean): string {
  const store = (row: number) => `
    ${
      row === 0
        ? `(local.set $to (i32.add (i32.add (local.get $y) (local.get $channel))
      (i32.mul (local.get $row) (local.get $out))))
    ${
      adds
        ? `(local.set $at (i32.add (i32.add (local.get $added) (local.get $channel))
      (i32.mul (local.get $row) (local.get $addedStride))))`
        : ''
    }`
        : `(local.set $to (i32.add (local.get $to) (local.get $out)))
    ${adds ? '(local.set $at (i32.add (local.get $at) (local.get $addedStride)))' : ''}`
    }
    (v128.store64_lane 0 (local.get $to) ${requantisedHalf(`$c${row}`, adds ? projectShift : clampedShift, '$scale', adds ? '$at' : undefined)})`
  return `(func (export "${adds ? 'project' : 'pointwise'}")
  (param $x i32) (param $stride i32) (param $w i32) (param $bias i32) (param $scales i32)
  (param $y i32) (param $out i32) (param $pixels i32) (param $inputs i32) (param $channels i32)
  ${adds ? '(param $added i32) (param $addedStride i32)' : ''}
  (local $pixel i32) (local $b i32) (local $scale i32)
  ${loopLocals}
  (local.set $block (local.get $w))
    (loop $blocks
      (local.set $b (i32.add (local.get $bias) (i32.shl (local.get $channel) (i32.const 2))))
      (local.set $scale (i32.add (local.get $scales) (i32.shl (local.get $channel) (i32.const 1))))
      (local.set $pixel (i32.const 0))
      (loop $tiles
        ${tileRow}
        ${each(
          fours,
          (four) => `(local.set $v (v128.load offset=${16 * four} (local.get $b)))
        ${each(rows, (row) => `(local.set $c${row}${four} (local.get $v))`)}`,
        )}
        ${accumulate}
        ${each(rows, store)}
        (br_if $tiles (i32.lt_s
          (local.tee $pixel (i32.add (local.get $pixel) (i32.const ${tile}))) (local.get $pixels))))
      (local.set $block (local.get $stop))
      (br_if $blocks (i32.lt_s
        (local.tee $channel (i32.add (local.get $channel) (i32.const ${blockChannels}))) (local.get $channels)))))`
}

/** The same without requantising: 32-bit sums, `$out` bytes a pixel. */
export const products = `(func (export "products")
  (param $x i32) (param $stride i32) (param $w i32) (param $y i32) (param $out i32)
  (param $pixels i32) (param $inputs i32) (param $channels i32)
  (local $pixel i32) ${loopLocals}
  (local.set $block (local.get $w))
  (loop $blocks
    (local.set $pixel (i32.const 0))
    (loop $tiles
      ${tileRow}
      ${each(rows, (row) => each(fours, (four) => `(local.set $c${row}${four} (v128.const i64x2 0 0))`))}
      ${accumulate}
      ${each(
        rows,
        (row) => `(local.set $to (i32.add
        (i32.add (local.get $y) (i32.shl (local.get $channel) (i32.const 2)))
        (i32.mul (i32.add (local.get $row) (i32.const ${row})) (local.get $out))))
      ${each(fours, (four) => `(v128.store offset=${16 * four} (local.get $to) (local.get $c${row}${four}))`)}`,
      )}
      (br_if $tiles (i32.lt_s
        (local.tee $pixel (i32.add (local.get $pixel) (i32.const ${tile}))) (local.get $pixels))))
    (local.set $block (local.get $stop))
    (br_if $blocks (i32.lt_s
      (local.tee $channel (i32.add (local.get $channel) (i32.const ${blockChannels}))) (local.get $channels)))))`
