import {
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
} from 'react'
import { flushSync } from 'react-dom'
import { useRouter } from 'wouter'
import { rowGap } from '../../../components/rows/row-height.ts'
import { useWidth } from '../../../components/rows/use-width.ts'
import { useServer } from '../../../server.ts'
import { useStrings } from '../../../strings/strings.ts'
import type { Outlined } from '../pictures.ts'
import type { Selection } from '../selection.ts'
import { Cell } from './cell.tsx'
import { heightOf, neighbourAcross, rowOf, within, type Area, type Wall } from './geometry.ts'
import { useDepth } from './use-depth.ts'
import { useLongPress } from './use-long-press.ts'
import { useRectangle } from './use-rectangle.ts'
import { useRecords } from './use-records.ts'
import { drawnRows, useWall } from './use-wall.ts'
import { useWindow } from './use-window.ts'
import './wall.css'

interface PictureWallProps {
  pictures: readonly Outlined[]
  /** How many there are; null where nobody knows. */
  total: number | null
  selection: Selection
  /** Of the address that shows a picture, without the base of the page. */
  hrefOf: (id: string) => string
  onOpen: (id: string) => void
  /** Id of the picture that is looked at by itself; empty: none. */
  shown: string
  /** Asked for when the end of what there is comes near. */
  onNearEnd: () => void
  /** Where it is to be scrolled to at first, in CSS pixels. */
  depth: number
  onDepth: (depth: number) => void
}

/** Pictures in rows, of which only those near the window are in the document. */
export function PictureWall(props: PictureWallProps) {
  const { pictures, total, selection, hrefOf, onOpen, shown, onNearEnd, depth, onDepth } = props
  const t = useStrings().library
  const { client } = useServer()
  const { base } = useRouter()
  const [surface, width] = useWidth<HTMLDivElement>()
  const grid = useRef<HTMLDivElement>(null)
  const frame = useRef<HTMLDivElement>(null)
  const wall = useWall(pictures, width)
  const [first, last] = useWindow(grid, wall, onNearEnd)
  const [current, setCurrent] = useState(0)
  const here = Math.min(current, pictures.length - 1)
  const herePicked = useRef<string>(undefined)
  const rows = drawnRows(wall, first, last, here)
  const recordOf = useRecords(
    client,
    useMemo(
      () => (last < 0 ? [] : pictures.slice(wall.rows[first]?.start, wall.rows[last]?.end)),
      [pictures, wall, first, last],
    ).map(({ id }) => id),
  )

  useDepth(wall, depth, onDepth)

  const indexOf = (target: EventTarget) => {
    const cell = (target as Element).closest<HTMLElement>('[data-index]')
    return cell ? Number(cell.dataset['index']) : -1
  }

  function moveTo(index: number, extending: boolean) {
    // Drawn at once, however far away it is, or the next key would find the focus nowhere.
    flushSync(() => setCurrent(index))
    grid.current
      ?.querySelector<HTMLElement>(`[data-index="${index}"] > a`)
      ?.focus({ preventScroll: true })
    bringRowIntoView(grid.current!, wall, rowOf(wall, index))
    if (extending) selection.extend(index)
  }

  function onKeyDown(event: KeyboardEvent) {
    const at = indexOf(event.target)
    if (at < 0 || event.altKey) return
    const end = pictures.length - 1
    const forward = document.documentElement.dir === 'rtl' ? -1 : 1
    const screen = Math.max(1, Math.floor(innerHeight / (wall.rows[0]!.height + rowGap)) - 1)
    const row = wall.rows[rowOf(wall, at)]!
    const far = event.ctrlKey || event.metaKey
    const target = {
      ArrowRight: () => at + forward,
      ArrowLeft: () => at - forward,
      ArrowDown: () => neighbourAcross(wall, at, 1),
      ArrowUp: () => neighbourAcross(wall, at, -1),
      PageDown: () => neighbourAcross(wall, at, screen),
      PageUp: () => neighbourAcross(wall, at, -screen),
      Home: () => (far ? 0 : row.start),
      End: () => (far ? end : row.end - 1),
    }[event.key]
    if (target) {
      if (event.shiftKey && selection.ids.size === 0) selection.toggle(at)
      moveTo(Math.min(end, Math.max(0, target())), event.shiftKey)
    } else if (event.key === ' ' || event.key === 'x') {
      if (event.shiftKey) selection.extend(at)
      else selection.toggle(at)
    } else return
    event.preventDefault()
    event.stopPropagation()
  }

  function onClick(event: MouseEvent) {
    const index = indexOf(event.target)
    if (index < 0 || event.button !== 0) return
    const onCheck = (event.target as Element).closest('.wall__check') !== null
    const choosing = onCheck || selection.ids.size > 0 || event.shiftKey
    setCurrent(index)
    if (event.shiftKey && (choosing || selection.ids.size > 0)) selection.extend(index)
    else if (event.ctrlKey || event.metaKey || choosing) selection.toggle(index)
    else {
      event.preventDefault()
      onOpen(pictures[index]!.id)
      return
    }
    event.preventDefault()
    grid.current
      ?.querySelector<HTMLElement>(`[data-index="${index}"] > a`)
      ?.focus({ preventScroll: true })
  }

  const before = useRef<ReadonlySet<string>>(undefined)
  useRectangle({
    from: surface,
    within: grid,
    frame,
    onBegin: (adding) => (before.current = adding ? selection.ids : new Set()),
    onChange: (area) => selection.replace(within(wall, alongLines(area, width)), before.current),
  })
  useLongPress(grid, (target) => {
    const index = indexOf(target)
    if (index >= 0) selection.toggle(index)
  })

  // Its row is in the document then, and gets the focus back.
  const follow = useEffectEvent(() => {
    const index = shown === '' ? -1 : pictures.findIndex(({ id }) => id === shown)
    if (index >= 0) setCurrent(index)
  })
  useEffect(() => follow(), [shown])

  // Pictures that come or go above leave the one that has the focus where it was. Only they do: told of each move as
  // well, this would take it back, and be told of that.
  const stay = useEffectEvent(() => {
    const id = herePicked.current
    if (id === undefined || pictures[here]?.id === id) return
    const moved = pictures.findIndex((picture) => picture.id === id)
    if (moved >= 0) setCurrent(moved)
  })
  useEffect(() => stay(), [pictures])
  useEffect(() => {
    herePicked.current = pictures[here]?.id
  })

  return (
    <div className="wall" ref={surface} data-choosing={selection.ids.size > 0 || undefined}>
      <div
        ref={grid}
        className="wall__grid"
        role="grid"
        tabIndex={-1}
        aria-label={t.list}
        aria-multiselectable="true"
        aria-rowcount={total === pictures.length ? wall.rows.length : -1}
        style={{ '--wall': `${Math.max(0, heightOf(wall) - rowGap)}px` }}
        onKeyDown={onKeyDown}
        onClick={onClick}
        onFocus={(event) => {
          const index = indexOf(event.target)
          if (index >= 0) setCurrent(index)
        }}
      >
        {rows.map((index) => {
          const row = wall.rows[index]!
          return (
            <div
              key={row.start}
              className="wall__row"
              role="row"
              aria-rowindex={index + 1}
              style={{ '--top': `${wall.tops[index]}px` }}
            >
              {row.widths.map((across, column) => {
                const picture = pictures[row.start + column]
                return (
                  picture && (
                    <Cell
                      key={picture.id}
                      picture={picture}
                      record={recordOf(picture.id)}
                      index={row.start + column}
                      column={column}
                      width={across}
                      height={row.height}
                      href={base + hrefOf(picture.id)}
                      selected={selection.ids.has(picture.id)}
                      current={row.start + column === here}
                    />
                  )
                )
              })}
            </div>
          )
        })}
      </div>
      <div className="wall__rectangle" ref={frame} aria-hidden="true" />
    </div>
  )
}

function bringRowIntoView(grid: HTMLElement, wall: Wall, row: number): void {
  const offset = grid.getBoundingClientRect().top
  const top = offset + wall.tops[row]!
  const bottom = top + wall.rows[row]!.height
  // What is fixed to the edges of the window covers that much.
  const [above, below] = [16, 96]
  if (top < above) scrollBy(0, top - above)
  else if (bottom > innerHeight - below) scrollBy(0, bottom - innerHeight + below)
}

/** As the writing goes: from the right where that is the start of lines. */
function alongLines({ left, right, ...rest }: Area, width: number): Area {
  if (document.documentElement.dir !== 'rtl') return { left, right, ...rest }
  return { left: width - right, right: width - left, ...rest }
}
