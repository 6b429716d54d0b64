import { packRows, type Packing, type Row } from '../../../components/rows/pack.ts'
import { rowGap } from '../../../components/rows/row-height.ts'

/** Rows of pictures and where each begins, in CSS pixels from the top: all is known before anything is drawn. */
export interface Wall {
  readonly rows: readonly Row[]
  /** One more than rows: the last is the height of the whole. */
  readonly tops: readonly number[]
}

/** A rectangle on the wall, in CSS pixels from its top and its left edge. */
export interface Area {
  left: number
  top: number
  right: number
  bottom: number
}

/**
 * Lays out pictures by their ratios of width to height.
 *
 * @param before a wall of the first of them, whose rows but for the last stay as they are
 */
export function layOut(ratios: readonly number[], packing: Packing, before?: Wall): Wall {
  const kept = before ? before.rows.slice(0, -1) : []
  const start = kept.at(-1)?.end ?? 0
  const added = packRows(ratios.slice(start), packing).map((row) => ({
    ...row,
    start: row.start + start,
    end: row.end + start,
  }))
  const tops = before ? before.tops.slice(0, kept.length + 1) : [0]
  for (const { height } of added) tops.push(tops.at(-1)! + height + rowGap)
  return { rows: [...kept, ...added], tops }
}

export function heightOf({ tops }: Wall): number {
  return tops.at(-1)!
}

/** The row at a height, or the nearest; -1 where there are none. */
export function rowAt({ rows, tops }: Wall, y: number): number {
  let low = 0
  let high = rows.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (tops[middle]! <= y) low = middle
    else high = middle - 1
  }
  return high < 0 ? -1 : low
}

/** The row that holds a picture. */
export function rowOf({ rows }: Wall, picture: number): number {
  let low = 0
  let high = rows.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (rows[middle]!.start <= picture) low = middle
    else high = middle - 1
  }
  return high < 0 ? -1 : low
}

/** From the left edge to the middle of a picture. */
function middleOf(row: Row, picture: number): number {
  let left = 0
  for (let at = 0; at < picture - row.start; at++) left += row.widths[at]! + rowGap
  return left + row.widths[picture - row.start]! / 2
}

/** The picture above (`by` -1) or below (1) another; that one itself where there is none. */
export function neighbourAcross(wall: Wall, picture: number, by: number): number {
  const from = rowOf(wall, picture)
  const to = Math.min(wall.rows.length - 1, Math.max(0, from + by))
  if (from < 0 || to === from) return picture
  const middle = middleOf(wall.rows[from]!, picture)
  const row = wall.rows[to]!
  let nearest = row.start
  for (let at = row.start; at < row.end; at++) {
    const distance = (other: number) => Math.abs(middleOf(row, other) - middle)
    if (distance(at) < distance(nearest)) nearest = at
  }
  return nearest
}

/** The pictures that a rectangle touches. */
export function within(wall: Wall, area: Area): number[] {
  const found: number[] = []
  if (wall.rows.length === 0) return found
  const last = rowAt(wall, area.bottom)
  for (let index = rowAt(wall, area.top); index <= last; index++) {
    const row = wall.rows[index]!
    const top = wall.tops[index]!
    if (top > area.bottom || top + row.height < area.top) continue
    let left = 0
    row.widths.forEach((width, at) => {
      if (left <= area.right && left + width >= area.left) found.push(row.start + at)
      left += width + rowGap
    })
  }
  return found
}
