import { between, fitting, moved, zoomed, type Camera, type Point, type Size } from './camera.ts'
import { canvasPoints } from './points/canvas-points.ts'
import type { Colour, PointRenderer } from './points/point-renderer.ts'
import { webglPoints } from './points/webgl-points.ts'

const glideMs = 220

export interface MapWindow {
  camera: () => Camera
  size: () => Size
  setPlaces: (at: Float32Array<ArrayBuffer>) => void
  setMarks: (marks: Uint8Array<ArrayBuffer>, choosing: boolean) => void
  setColours: (colours: readonly Colour[]) => void
  move: (across: number, down: number) => void
  /** At once, as a wheel or fingers do. */
  zoom: (factor: number, around: Point) => void
  /** A step, on a way that the eye can follow. */
  step: (change: { across?: number; down?: number; factor?: number }) => void
  showAll: () => void
  close: () => void
}

/** The window onto the map: what is seen of it, and its points on the screen. `onDrawn` follows each picture that was drawn. */
export function openMapWindow(host: HTMLElement, onDrawn: () => void): MapWindow {
  let renderer: PointRenderer = rendererFor(host, lost)
  let size: Size = { width: 1, height: 1 }
  let at = new Float32Array()
  let marks = new Uint8Array()
  let colours: readonly Colour[] = []
  let choosing = false
  let all = fitting(at, size)
  let camera = all
  /** Where it is on its way to: the next step goes on from there. */
  let goal = all
  /** Nobody has moved it: it keeps showing all. */
  let untouched = true
  let frame = 0
  let gliding = 0

  function lost() {
    renderer.dispose()
    renderer = rendererFor(host, lost)
    renderer.setPlaces(at)
    renderer.setMarks(marks)
    redraw()
  }

  function redraw() {
    frame ||= requestAnimationFrame(() => {
      frame = 0
      const pointSize = sizeOf(at.length / 2, camera.scale / all.scale)
      const ratio = Math.min(devicePixelRatio, 2)
      renderer.draw({ ...size, camera, ratio, colours, pointSize, choosing })
      onDrawn()
    })
  }

  function look(next: Camera) {
    cancelAnimationFrame(gliding)
    camera = goal = next
    untouched = false
    redraw()
  }

  function glide(to: Camera) {
    cancelAnimationFrame(gliding)
    const from = camera
    goal = to
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    const began = performance.now()
    const next = (now: number) => {
      const part = still ? 1 : Math.min(1, Math.max(0, now - began) / glideMs)
      camera = between(from, to, 1 - (1 - part) ** 3)
      redraw()
      if (part < 1) gliding = requestAnimationFrame(next)
    }
    next(still ? Infinity : began)
    untouched = false
  }

  function refit() {
    all = fitting(at, size)
    if (untouched) camera = goal = all
    redraw()
  }

  const watching = new ResizeObserver(() => {
    size = { width: Math.max(1, host.clientWidth), height: Math.max(1, host.clientHeight) }
    refit()
  })
  watching.observe(host)

  return {
    camera: () => camera,
    size: () => size,
    setPlaces(next) {
      at = next
      renderer.setPlaces(at)
      refit()
    },
    setMarks(next, some) {
      marks = next
      choosing = some
      renderer.setMarks(marks)
      redraw()
    },
    setColours(next) {
      colours = next
      redraw()
    },
    move: (across, down) => look(moved(camera, across, down)),
    zoom: (factor, around) => look(zoomed(camera, size, factor, around, all.scale)),
    step({ across = 0, down = 0, factor = 1 }) {
      const middle = { x: size.width / 2, y: size.height / 2 }
      glide(moved(zoomed(goal, size, factor, middle, all.scale), across, down))
    },
    showAll() {
      glide(all)
      untouched = true
    },
    close() {
      watching.disconnect()
      cancelAnimationFrame(frame)
      cancelAnimationFrame(gliding)
      renderer.dispose()
    },
  }
}

function rendererFor(host: HTMLElement, onLost: () => void): PointRenderer {
  const renderer = webglPoints(onLost) ?? canvasPoints()
  host.append(renderer.canvas)
  return renderer
}

/** Large enough to be seen one by one, small enough that many are not one blot; growing with nearness. */
function sizeOf(count: number, nearness: number): number {
  const base = 10 - 1.6 * Math.log10(Math.max(1, count))
  return Math.min(12, Math.max(2, base) * Math.max(1, nearness) ** 0.3)
}
