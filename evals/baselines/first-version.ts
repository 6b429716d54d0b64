import { readFileSync } from 'node:fs'
import type { Embedder } from '../../server/src/embedders/embedder.ts'
import { decodeConstants } from '../../server/src/embedders/visual/constants-file.ts'
import {
  colourGrid,
  colourGridLength,
} from '../../server/src/embedders/visual/features/colour-grid.ts'
import {
  correlogram,
  correlogramLength,
} from '../../server/src/embedders/visual/features/correlogram.ts'
import { hog, hogLength } from '../../server/src/embedders/visual/features/hog.ts'
import { lbp, lbpLength } from '../../server/src/embedders/visual/features/lbp.ts'
import type { Raster } from '../../server/src/embedders/visual/features/raster.ts'
import { signedSquareRoot, toUnit } from '../../server/src/embedders/visual/normalise.ts'
import { plainEmbedder } from './plain-embedder.ts'

const blocks = [
  { name: 'grid', length: colourGridLength, weight: 0.8, of: colourGrid },
  { name: 'correlogram', length: correlogramLength, weight: 0.7, of: correlogram },
  { name: 'hog', length: hogLength, weight: 1, of: hog },
  { name: 'lbp', length: lbpLength, weight: 0.5, of: lbp },
]

export const firstVersionLength = blocks.reduce((sum, { length }) => sum + length, 0)
export const firstVersionId = `visual:1@${firstVersionLength}`

/** The four descriptors end to end, square-rooted: what a mean is learned of. */
export function rootedBlocks(raster: Raster): Float32Array {
  const all = new Float32Array(firstVersionLength)
  let start = 0
  for (const block of blocks) {
    all.set(block.of(raster), start)
    start += block.length
  }
  return signedSquareRoot(all)
}

/**
 * Colour layout, colour auto-correlogram, oriented gradients and texture in one unit vector.
 *
 * @param mean of {@link rootedBlocks} over many unrelated pictures; what all pictures share would
 * otherwise make every pair look alike
 */
export function firstVersionVector(raster: Raster, mean: Float32Array): Float32Array {
  const vector = rootedBlocks(raster)
  let start = 0
  for (const { length, weight } of blocks) {
    const block = vector.subarray(start, start + length)
    for (let index = 0; index < length; index++) block[index]! -= mean[start + index]!
    toUnit(block)
    for (let index = 0; index < length; index++) block[index]! *= weight
    start += length
  }
  return toUnit(vector)
}

/** The built-in embedder as it first was, kept to compare with. */
export function openFirstVersion(): Embedder {
  const file = readFileSync(new URL('./visual-1.bin', import.meta.url))
  const mean = decodeConstants(file, firstVersionId).tensors['mean'] as Float32Array
  return plainEmbedder(firstVersionId, firstVersionLength, (raster) =>
    firstVersionVector(raster, mean),
  )
}
