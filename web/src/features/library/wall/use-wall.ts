import { useState } from 'react'
import { ratioOf, rowGap, rowHeight } from '../../../components/rows/row-height.ts'
import type { Outlined } from '../pictures.ts'
import { layOut, rowOf, type Wall } from './geometry.ts'

const noPictures: readonly Outlined[] = []
const noWall: Wall = { rows: [], tops: [0] }

/** The wall of pictures, in whose rows only the last is laid out again when others follow. */
export function useWall(pictures: readonly Outlined[], width: number): Wall {
  const [last, setLast] = useState({ pictures: noPictures, width: 0, wall: noWall })
  if (last.pictures === pictures && last.width === width) return last.wall
  const packing = { width: Math.max(1, width), height: rowHeight(width), gap: rowGap }
  const before = last.pictures
  const follows =
    last.width === width &&
    before.length > 0 &&
    before.length <= pictures.length &&
    before[0] === pictures[0] &&
    before.at(-1) === pictures[before.length - 1]
  const wall =
    width === 0 ? noWall : layOut(pictures.map(ratioOf), packing, follows ? last.wall : undefined)
  setLast({ pictures, width, wall })
  return wall
}

/** Those near the window, and that of the picture which has the focus: it would be lost with it. */
export function drawnRows(wall: Wall, first: number, last: number, current: number): number[] {
  const drawn: number[] = []
  const end = Math.min(last, wall.rows.length - 1)
  for (let index = first; index <= end; index++) drawn.push(index)
  const kept = rowOf(wall, Math.max(0, current))
  if (kept >= 0 && (kept < first || kept > end)) {
    if (kept < first) drawn.unshift(kept)
    else drawn.push(kept)
  }
  return drawn
}
