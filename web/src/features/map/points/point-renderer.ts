import type { Camera, Size } from '../camera.ts'

/** Red, green and blue, 0 to 1. */
export type Colour = readonly [number, number, number]

/** Of a point's mark: the index of its colour in `Scene.colours`, and what else there is to it. */
export const colourBits = 0x0f
export const chosenBit = 0x10
export const hiddenBit = 0x20

export interface Scene extends Size {
  readonly camera: Camera
  /** Pixels of the screen per CSS pixel. */
  readonly ratio: number
  /** 16 at most. */
  readonly colours: readonly Colour[]
  /** Across a point, in CSS pixels. */
  readonly pointSize: number
  /** Whether some are chosen; then the others step back. */
  readonly choosing: boolean
}

/** Draws points onto a canvas of its own. */
export interface PointRenderer {
  readonly canvas: HTMLCanvasElement
  /** x and y of each, 0 to 1. */
  setPlaces: (at: Float32Array<ArrayBuffer>) => void
  /** Colour and bits of each. */
  setMarks: (marks: Uint8Array<ArrayBuffer>) => void
  draw: (scene: Scene) => void
  dispose: () => void
}

/** How much the points cover what is below them. */
export const opacity = 0.8
export const opacityBehind = 0.22
/** How much larger a chosen one is. */
export const chosenSize = 1.5
