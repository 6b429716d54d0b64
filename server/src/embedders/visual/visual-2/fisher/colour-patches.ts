import { rasterPixels, type Raster } from '../../features/raster.ts'
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
  { bin: 4, step: 8 },
  { bin: 8, step: 8 },
  { bin: 12, step: 8 },
]
const perBin = 6
/** A colour stays what it is when the picture is mirrored. */
const swaps = [0, 1, 2, 3, 4, 5]

export const colourPatchCount = countPatches(scales)
const colourPatchLength = binsPerPatch * perBin

/**
 * Local colour statistics: mean and standard deviation of L*, a*, b* (in units of 100) in each of
 * 4 x 4 bins of a patch; 96 numbers a patch, 875 patches at three scales.
 * Source: Perronnin, Sanchez, Mensink, Improving the Fisher kernel, ECCV 2010 (section 4).
 */
export function colourPatches(raster: Raster): Patches {
  const patches = allocatePatches(scales, colourPatchLength)
  const moments = new IntegralImage(firstAndSecondPowers(raster), perBin)
  const raw = new Float64Array(colourPatchLength)
  forEachPatch(scales, (index, left, top, { bin }) => {
    for (let at = 0; at < binsPerPatch; at++) {
      const x = left + (at % binsAcross) * bin
      const y = top + Math.floor(at / binsAcross) * bin
      moments.sum(x, y, bin, raw, at * perBin)
      toMeanAndDeviation(raw, at * perBin, bin * bin)
    }
    writeMirrored(raw, perBin, swaps, patches, index)
  })
  return patches
}

function firstAndSecondPowers({ l, a, b }: Raster): Float32Array {
  const powers = new Float32Array(rasterPixels * perBin)
  const channels = [l, a, b]
  for (let channel = 0; channel < 3; channel++) {
    const plane = channels[channel]!
    for (let pixel = 0, at = channel; pixel < rasterPixels; pixel++, at += perBin) {
      const value = plane[pixel]! / 100
      powers[at] = value
      powers[at + 3] = value * value
    }
  }
  return powers
}

function toMeanAndDeviation(raw: Float64Array, at: number, pixels: number): void {
  for (let channel = at; channel < at + 3; channel++) {
    const mean = raw[channel]! / pixels
    raw[channel] = mean
    raw[channel + 3] = Math.sqrt(Math.max(0, raw[channel + 3]! / pixels - mean * mean))
  }
}
