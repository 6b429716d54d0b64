import { rasterEdge, type Raster } from '../../features/raster.ts'

const cells = 4
const cellEdge = rasterEdge / cells

const colourGridLength = cells * cells * 6

/**
 * Colour layout: the mean and the standard deviation of L*, a* and b* in each cell of a 4 x 4 grid.
 * 96 numbers, cell after cell, in units of 100 so that the three channels weigh alike.
 */
export function colourGrid(raster: Raster): Float32Array {
  const grid = new Float32Array(colourGridLength)
  for (let cell = 0; cell < cells * cells; cell++) {
    const left = (cell % cells) * cellEdge
    const top = Math.floor(cell / cells) * cellEdge
    for (const [channel, plane] of [raster.l, raster.a, raster.b].entries()) {
      const { mean, deviation } = momentsOf(plane, left, top)
      grid[cell * 6 + channel] = mean / 100
      grid[cell * 6 + 3 + channel] = deviation / 100
    }
  }
  return grid
}

function momentsOf(plane: Float32Array, left: number, top: number) {
  let sum = 0
  let squares = 0
  for (let y = top; y < top + cellEdge; y++) {
    for (let at = y * rasterEdge + left, end = at + cellEdge; at < end; at++) {
      const value = plane[at]!
      sum += value
      squares += value * value
    }
  }
  const count = cellEdge * cellEdge
  const mean = sum / count
  return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)) }
}
