import { rasterEdge, rasterPixels, type Raster } from '../../features/raster.ts'

const colours = 64
const distances = [1, 3, 5, 7] as const

const correlogramLength = colours * distances.length

/**
 * Colour auto-correlogram: how often a pixel of one colour meets its own colour at a given distance.
 * 256 numbers, 0 to 1: for each distance (1, 3, 5, 7 pixels), the share of all pixels that have each
 * of 64 colours (2 bits a channel) and see it again, averaged over the 8 compass directions.
 *
 * Source: Huang et al., Image indexing using color correlograms, CVPR 1997. The share is taken of the
 * whole picture, not of the colour's own pixels: a colour of ten pixels would otherwise weigh as much
 * as the sky and make the same picture at another size look different.
 */
export function correlogram(raster: Raster): Float32Array {
  const colour = quantise(raster.rgb)
  const shares = new Float32Array(correlogramLength)
  for (const [index, distance] of distances.entries()) {
    countAt(colour, distance, shares.subarray(index * colours, (index + 1) * colours))
  }
  return shares
}

function quantise(rgb: Uint8Array): Uint8Array {
  const colour = new Uint8Array(rasterPixels)
  for (let pixel = 0, from = 0; pixel < rasterPixels; pixel++, from += 3) {
    colour[pixel] = ((rgb[from]! >> 6) << 4) | ((rgb[from + 1]! >> 6) << 2) | (rgb[from + 2]! >> 6)
  }
  return colour
}

/** Meeting is symmetric, so 4 directions count for all 8. */
function countAt(colour: Uint8Array, distance: number, shares: Float32Array): void {
  const counts = new Uint32Array(colours)
  const inner = rasterEdge - distance
  for (let y = 0; y < inner; y++) {
    for (let x = distance; x < inner; x++) {
      const at = y * rasterEdge + x
      const own = colour[at]!
      const below = at + distance * rasterEdge
      const right = colour[at + distance]! === own ? 1 : 0
      const under = colour[below]! === own ? 1 : 0
      const underRight = colour[below + distance]! === own ? 1 : 0
      const underLeft = colour[below - distance]! === own ? 1 : 0
      counts[own]! += right + under + underRight + underLeft
    }
  }
  const pairs = 4 * inner * (inner - distance)
  for (let index = 0; index < colours; index++) shares[index] = counts[index]! / pairs
}
