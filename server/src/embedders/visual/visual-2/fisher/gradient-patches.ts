import { rasterEdge, rasterPixels, type Raster } from '../../features/raster.ts'
import { IntegralImage } from './integral.ts'
import {
  allocatePatches,
  binsAcross,
  binsPerPatch,
  countPatches,
  forEachPatch,
  writeMirrored,
  type Patches,
  type PatchScale,
} from './patches.ts'

const scales: readonly PatchScale[] = [
  { bin: 4, step: 6 },
  { bin: 6, step: 6 },
  { bin: 8, step: 6 },
  { bin: 12, step: 8 },
]
const orientations = 8
/** Mirroring turns direction k * 45 degrees into 180 degrees minus that. */
const swaps = Array.from({ length: orientations }, (_, k) => (orientations / 2 - k + 8) % 8)
/** Keeps the noise of a flat patch from being blown up to full size. */
const floor = 0.25
/** Gaussian of sigma 0.8, normalised. */
const blurKernel = gaussian(0.8, 2)

export const gradientPatchCount = countPatches(scales)
const gradientPatchLength = binsPerPatch * orientations

/**
 * Dense SIFT at four scales: in each of 4 x 4 bins of a patch, how much lightness gradient points in
 * each of 8 directions; 128 numbers a patch, 1,863 patches.
 *
 * Sources: Lowe 2004 (SIFT); Arandjelovic, Zisserman, Three things everyone should know to improve
 * object retrieval, CVPR 2012 (the square root of the L1-normalised descriptor).
 */
export function gradientPatches(raster: Raster): Patches {
  const patches = allocatePatches(scales, gradientPatchLength)
  const directions = new IntegralImage(directedGradients(raster.l), orientations)
  const raw = new Float64Array(gradientPatchLength)
  forEachPatch(scales, (index, left, top, { bin }) => {
    for (let at = 0; at < binsPerPatch; at++) {
      const x = left + (at % binsAcross) * bin
      const y = top + Math.floor(at / binsAcross) * bin
      directions.sum(x, y, bin, raw, at * orientations)
    }
    rootNormalise(raw)
    writeMirrored(raw, orientations, swaps, patches, index)
  })
  return patches
}

function rootNormalise(raw: Float64Array): void {
  let sum = floor
  for (let at = 0; at < raw.length; at++) sum += raw[at]!
  // A sum over a summed-area table may come out a hair below zero.
  for (let at = 0; at < raw.length; at++) raw[at] = Math.sqrt(Math.max(0, raw[at]!) / sum)
}

/** For each pixel, the size of its gradient shared between the two nearest of 8 directions. */
function directedGradients(lightness: Float32Array): Float32Array {
  const plane = blur(lightness)
  const votes = new Float32Array(rasterPixels * orientations)
  for (let y = 1; y < rasterEdge - 1; y++) {
    for (let x = 1; x < rasterEdge - 1; x++) {
      const at = y * rasterEdge + x
      const dx = plane[at + 1]! - plane[at - 1]!
      const dy = plane[at + rasterEdge]! - plane[at - rasterEdge]!
      // Lightness is 0 to 100 and the difference spans two pixels.
      const size = Math.sqrt(dx * dx + dy * dy) / 200
      if (size === 0) continue
      const turn = (Math.atan2(dy, dx) / (2 * Math.PI) + 1) * orientations
      const lower = Math.floor(turn)
      const share = turn - lower
      votes[at * orientations + (lower % orientations)]! += size * (1 - share)
      votes[at * orientations + ((lower + 1) % orientations)]! += size * share
    }
  }
  return votes
}

function blur(plane: Float32Array): Float32Array {
  return blurAlong(blurAlong(plane, 1, rasterEdge), rasterEdge, 1)
}

/** Convolves lines whose pixels lie `step` apart; the outermost pixel is repeated. */
function blurAlong(plane: Float32Array, step: number, lineStep: number): Float32Array {
  const result = new Float32Array(rasterPixels)
  const radius = (blurKernel.length - 1) / 2
  for (let line = 0; line < rasterEdge; line++) {
    for (let along = 0; along < rasterEdge; along++) {
      let sum = 0
      for (let tap = -radius; tap <= radius; tap++) {
        const clamped = Math.min(rasterEdge - 1, Math.max(0, along + tap))
        sum += blurKernel[tap + radius]! * plane[line * lineStep + clamped * step]!
      }
      result[line * lineStep + along * step] = sum
    }
  }
  return result
}

function gaussian(sigma: number, radius: number): number[] {
  const taps = Array.from({ length: 2 * radius + 1 }, (_, index) =>
    Math.exp(-((index - radius) ** 2) / (2 * sigma * sigma)),
  )
  const sum = taps.reduce((total, tap) => total + tap, 0)
  return taps.map((tap) => tap / sum)
}
