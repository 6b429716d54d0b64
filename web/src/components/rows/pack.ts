/** A row of pictures; `start` up to but without `end`. Lengths are in CSS pixels. */
export interface Row {
  start: number
  end: number
  height: number
  widths: number[]
}

export interface Packing {
  /** Of the whole, at least 1. */
  width: number
  /** That rows come near to. */
  height: number
  /** Between the pictures of a row. */
  gap: number
}

/** Narrower than tall by more than this, or wider, a picture is shown with margins rather than as it is. */
const narrowest = 0.6
const widest = 3

/**
 * Fills rows with pictures in their own shapes, as lines are filled with words: each picture of a row has the
 * same height, and each row the whole width. A row ends where that brings its height nearest to the wanted
 * one. The last row is not stretched beyond it.
 *
 * @param ratios width / height of each picture; what is no positive number counts as a square
 */
export function packRows(ratios: readonly number[], { width, height, gap }: Packing): Row[] {
  const rows: Row[] = []
  let start = 0
  let sum = 0
  const heightOf = (pictures: number, ratio: number) =>
    Math.max(1, (width - gap * (pictures - 1)) / ratio)
  const close = (end: number, sum: number, tallest: number) => {
    const rowHeight = Math.min(heightOf(end - start, sum), tallest)
    const widths = ratios.slice(start, end).map((ratio) => shape(ratio) * rowHeight)
    rows.push({ start, end, height: rowHeight, widths })
    start = end
  }
  ratios.forEach((given, index) => {
    const ratio = shape(given)
    const count = index - start
    const taken = heightOf(count + 1, sum + ratio)
    if (taken > height) {
      sum += ratio
      return
    }
    // The row is full: with this picture it is too low, without it too tall.
    const left = count > 0 ? heightOf(count, sum) : Number.POSITIVE_INFINITY
    if (left / height < height / taken) {
      close(index, sum, left)
      sum = ratio
      if (heightOf(1, ratio) > height) return
    } else sum += ratio
    close(index + 1, sum, height)
    sum = 0
  })
  if (start < ratios.length) close(ratios.length, sum, height)
  return rows
}

function shape(ratio: number): number {
  return ratio > 0 ? Math.min(widest, Math.max(narrowest, ratio)) : 1
}
