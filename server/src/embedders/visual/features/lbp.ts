import type { Raster } from './raster.ts'

const cells = 2
/** How many kinds of patches are told apart. */
export const patterns = 59

const lbpLength = cells * cells * patterns

/** Texture below this step of L* is noise of the encoder, not of the thing. */
const noise = 1

/** Code of 8 comparisons to one of 58 uniform patterns, or 58 for all the others. */
const patternOf = uniformPatterns()

/**
 * Local binary patterns of lightness: 59 shares (summing to 1) in each cell of a 2 x 2 grid.
 * 236 numbers, 0 to 1. Each pixel is coded by which of its 8 neighbours are lighter; codes with at
 * most two changes around the circle (edges, corners, spots) keep a bin each, the rest share one.
 *
 * Source: Ojala, Pietikainen, Maenpaa, Multiresolution gray-scale and rotation invariant texture
 * classification with local binary patterns, PAMI 2002.
 */
export function lbp({ l, edge }: Raster): Float32Array {
  const shares = new Float32Array(lbpLength)
  const step = edge / cells
  const around = [-edge - 1, -edge, -edge + 1, 1]
  const offsets = [...around, ...around.map((offset) => -offset)]
  for (let y = 1; y < edge - 1; y++) {
    for (let x = 1; x < edge - 1; x++) {
      const at = y * edge + x
      const threshold = l[at]! + noise
      let code = 0
      for (let bit = 0; bit < 8; bit++) if (l[at + offsets[bit]!]! > threshold) code |= 1 << bit
      const cell = Math.floor(y / step) * cells + Math.floor(x / step)
      shares[cell * patterns + patternOf[code]!]! += 1
    }
  }
  const perCell = (edge / cells - 1) ** 2
  return shares.map((count) => count / perCell)
}

function uniformPatterns(): Uint8Array {
  let next = 0
  return Uint8Array.from({ length: 256 }, (_, code) => {
    const rotated = ((code << 1) | (code >> 7)) & 255
    let changes = code ^ rotated
    let count = 0
    for (; changes; changes &= changes - 1) count++
    return count <= 2 ? next++ : patterns - 1
  })
}
