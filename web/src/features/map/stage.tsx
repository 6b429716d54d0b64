import {
  useCallback,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
  type RefObject,
} from 'react'
import { useRouter } from 'wouter'
import { useActions } from '../../actions/actions.ts'
import { Icon } from '../../components/icon.tsx'
import { nameOf } from '../../components/name-of.ts'
import { useStrings } from '../../strings/strings.ts'
import { useServer } from '../../server.ts'
import { useRecords } from '../library/wall/use-records.ts'
import type { Outlined } from '../library/pictures.ts'
import { toMap, toWindow, type Point } from './camera.ts'
import { listenToGestures } from './gestures.ts'
import { MapPicture, Preview } from './map-picture.tsx'
import { openMapWindow, type MapWindow } from './map-window.ts'
import { areaOf, nearPictures } from './near-pictures.ts'
import { Palette } from './palette.tsx'
import { gridOf, nearest, placesIn, placesWithin } from './place-grid.ts'
import { colourBits, hiddenBit, type Colour } from './points/point-renderer.ts'
import type { Places } from './use-map.ts'

/** How far from a point one may miss it, in CSS pixels. */
const reach = 12
const zoomStep = 1.6
/** Of the window, what an arrow key moves by. */
const moveStep = 0.2
/** After the map came to rest, in ms. */
const restMs = 150

interface StageProps {
  places: Places
  /** Colour and bits of each. */
  marks: Uint8Array<ArrayBuffer>
  chosen: ReadonlySet<string>
  outlines: ReadonlyMap<string, Outlined> | null
  lassoing: boolean
  /** Of the text that says what there is on the map. */
  describedBy: string
  hrefOf: (id: string) => string
  onOpen: (id: string) => void
  onChoose: (indices: readonly number[]) => void
  onPictures: () => void
  /** How many are in view, once it rests. */
  onView: (count: number) => void
  /** Told what chooses all that is in view. */
  chooseView: RefObject<(() => void) | null>
}

/** The map itself: one moves and zooms it, comes near, draws around what one wants. */
export function Stage(props: StageProps) {
  const { places, marks, chosen, outlines, lassoing, describedBy, hrefOf, chooseView } = props
  const { map: t, format } = useStrings()
  const { client } = useServer()
  const { base } = useRouter()
  const stage = useRef<HTMLDivElement>(null)
  const host = useRef<HTMLDivElement>(null)
  const lasso = useRef<SVGPathElement>(null)
  const open = useRef<MapWindow>(null)
  const elements = useRef(new Map<number, HTMLElement>())
  const palette = useRef<readonly Colour[]>([])
  const resting = useRef<ReturnType<typeof setTimeout>>(undefined)
  const [near, setNear] = useState<{ of: Places; indices: readonly number[] }>({
    of: places,
    indices: [],
  })
  const [hover, setHover] = useState<{ of: Places; index: number; x: number; y: number } | null>(
    null,
  )
  const grid = useMemo(() => gridOf(places.at), [places])
  const shown = near.of === places ? near.indices : []
  const hovered = hover?.of === places ? hover : null
  const recordOf = useRecords(client, [
    ...(hovered ? [places.ids[hovered.index]!] : []),
    ...shown.map((index) => places.ids[index]!),
  ])

  function windowPoint(index: number): Point {
    const at = { x: places.at[index * 2]!, y: places.at[index * 2 + 1]! }
    return toWindow(open.current!.camera(), open.current!.size(), at)
  }

  function put(index: number, element: HTMLElement) {
    if (!open.current) return
    const { x, y } = windowPoint(index)
    element.style.translate = `${x}px ${y}px`
  }

  const drawn = useEffectEvent(() => {
    const { camera, size } = open.current!
    for (const [index, element] of elements.current) put(index, element)
    const isShown = (index: number) =>
      places.versions[index] !== null && (marks[index]! & hiddenBit) === 0
    const side = size().width < 640 ? 56 : 76
    const next = nearPictures(grid, camera(), size(), side, shown, isShown)
    if (next.join() !== shown.join()) {
      setNear({ of: places, indices: next })
      if (next.length > 0) props.onPictures()
    }
    if (hovered) {
      const point = windowPoint(hovered.index)
      const hasMoved = Math.hypot(point.x - hovered.x, point.y - hovered.y) > 1
      // A mouse points at something else by now; the focus moves along.
      const isFocused = stage.current?.querySelector('.map-picture:focus')
      if (hasMoved) setHover(isFocused ? { ...hovered, ...point } : null)
    }
    clearTimeout(resting.current)
    resting.current = setTimeout(() => props.onView(inView().length), restMs)
  })

  function inView(): number[] {
    const { camera, size } = open.current!
    return placesIn(grid, areaOf(camera(), size()))!
  }

  function at(point: Point): number {
    const { camera, size } = open.current!
    return nearest(grid, toMap(camera(), size(), point), reach / camera().scale)
  }

  const press = useEffectEvent((point: Point) => {
    const index = at(point)
    if (index >= 0) props.onOpen(places.ids[index]!)
  })

  const hoverAt = useEffectEvent((point: Point | null) => {
    const over = point && stage.current?.querySelector<HTMLElement>('.map-picture:hover')
    const index = over ? Number(over.dataset['index']) : point ? at(point) : -1
    if (index < 0) return setHover(null)
    if (hovered?.index !== index) setHover({ of: places, index, ...windowPoint(index) })
  })

  const isDrawing = useEffectEvent((event: PointerEvent) => lassoing || event.shiftKey)

  const drawLasso = useEffectEvent((line: readonly Point[], ended: boolean) => {
    lasso.current!.setAttribute(
      'd',
      ended || line.length === 0 ? '' : `M${line.map(({ x, y }) => `${x} ${y}`).join('L')}Z`,
    )
    if (!ended || line.length < 3) return
    const { camera, size } = open.current!
    const outline = line.map((point) => toMap(camera(), size(), point))
    props.onChoose(placesWithin(grid, outline))
  })

  useEffect(() => {
    const opened = openMapWindow(host.current!, () => drawn())
    open.current = opened
    // They were read before there was anything to show them.
    opened.setColours(palette.current)
    const stop = listenToGestures(stage.current!, {
      move: opened.move,
      zoom: opened.zoom,
      press: (point) => press(point),
      hover: (point) => hoverAt(point),
      draws: (event) => isDrawing(event),
      draw: (line, ended) => drawLasso(line, ended),
    })
    return () => {
      stop()
      clearTimeout(resting.current)
      opened.close()
    }
  }, [])
  useEffect(() => open.current!.setPlaces(places.at), [places])
  useEffect(() => open.current!.setMarks(marks, chosen.size > 0), [marks, chosen])
  useEffect(() => {
    chooseView.current = () => props.onChoose(inView())
  })
  const readColours = useCallback((colours: readonly Colour[]) => {
    palette.current = colours
    open.current?.setColours(colours)
  }, [])

  const step = (change: Parameters<MapWindow['step']>[0]) => open.current!.step(change)
  useActions(t.title, [
    { name: t.closer, keys: '+', run: () => step({ factor: zoomStep }) },
    { name: t.farther, keys: '-', run: () => step({ factor: 1 / zoomStep }) },
    { name: t.all, keys: '0', run: () => open.current!.showAll() },
  ])

  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const { width, height } = open.current!.size()
    const change = {
      ArrowLeft: { across: width * moveStep },
      ArrowRight: { across: -width * moveStep },
      ArrowUp: { down: height * moveStep },
      ArrowDown: { down: -height * moveStep },
      '=': { factor: zoomStep },
    }[event.key]
    if (!change) return
    event.preventDefault()
    step(change)
  })
  useEffect(() => {
    const listening = new AbortController()
    stage.current!.addEventListener('keydown', (event) => onKeyDown(event), {
      signal: listening.signal,
    })
    return () => listening.abort()
  }, [])

  const nameOfPicture = (index: number) => {
    const record = recordOf(places.ids[index]!)
    return record ? nameOf(record.image_uri) : t.picture(format.number(index + 1))
  }

  return (
    <div
      ref={stage}
      className="map-stage"
      role="application"
      aria-label={t.title}
      aria-describedby={describedBy}
      tabIndex={0}
      data-lassoing={lassoing || undefined}
      data-pointing={(hovered !== null && !lassoing) || undefined}
    >
      <div ref={host} className="map-stage__points" aria-hidden="true" />
      <Palette onColours={readColours} />
      <div>
        {shown.map((index) => {
          const id = places.ids[index]!
          return (
            <MapPicture
              key={id}
              index={index}
              id={id}
              version={places.versions[index]!}
              colour={marks[index]! & colourBits}
              chosen={chosen.has(id)}
              outline={outlines?.get(id)}
              name={nameOfPicture(index)}
              href={base + hrefOf(id)}
              onOpen={props.onOpen}
              onFocus={() => setHover({ of: places, index, ...windowPoint(index) })}
              onBlur={() => setHover(null)}
              onElement={(element) => {
                if (element) {
                  elements.current.set(index, element)
                  put(index, element)
                } else elements.current.delete(index)
              }}
            />
          )
        })}
      </div>
      <svg className="map-stage__lasso" aria-hidden="true">
        <path ref={lasso} />
      </svg>
      {hovered && (
        <Preview
          id={places.ids[hovered.index]!}
          version={places.versions[hovered.index]!}
          outline={outlines?.get(places.ids[hovered.index]!)}
          name={nameOfPicture(hovered.index)}
          pictured={!shown.includes(hovered.index)}
          at={hovered}
          within={open.current!.size()}
        />
      )}
      <div className="map-stage__zoom">
        <ZoomButton name={t.closer} icon="plus" run={() => step({ factor: zoomStep })} />
        <ZoomButton name={t.farther} icon="minus" run={() => step({ factor: 1 / zoomStep })} />
        <ZoomButton name={t.all} icon="all" run={() => open.current!.showAll()} />
      </div>
    </div>
  )
}

function ZoomButton(props: { name: string; icon: 'plus' | 'minus' | 'all'; run: () => void }) {
  const { name, icon, run } = props
  return (
    <button
      type="button"
      className="button button--icon"
      aria-label={name}
      title={name}
      onClick={run}
    >
      <Icon name={icon} />
    </button>
  )
}
