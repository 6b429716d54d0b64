import { rasterEdge, type Raster } from '../../features/raster.ts'

const cells = 8
const cellEdge = rasterEdge / cells
const orientations = 9
const clip = 0.2

export const hogLength = cells * cells * orientations

/**
 * Histograms of oriented gradients of lightness: 9 orientations (sign ignored) in each cell of an
 * 8 x 8 grid. 576 numbers from 0 to about 0.2, cell after cell.
 *
 * Source: Dalal, Triggs, Histograms of oriented gradients for human detection, CVPR 2005: soft votes,
 * each 2 x 2 block of cells brought to unit length and clipped. Where the paper keeps a cell once for
 * every block it is in, this keeps the average, a quarter of the numbers for nearly the same worth.
 */
export function hog(raster: Raster): Float32Array {
  return normaliseBlocks(cellHistograms(raster.l))
}

function cellHistograms(plane: Float32Array): Float32Array {
  const votes = new Float32Array(hogLength)
  for (let y = 1; y < rasterEdge - 1; y++) {
    for (let x = 1; x < rasterEdge - 1; x++) {
      const at = y * rasterEdge + x
      const dx = plane[at + 1]! - plane[at - 1]!
      const dy = plane[at + rasterEdge]! - plane[at - rasterEdge]!
      const magnitude = Math.sqrt(dx * dx + dy * dy)
      if (magnitude === 0) continue
      const angle = Math.atan2(dy, dx)
      const turn = ((angle < 0 ? angle + Math.PI : angle) / Math.PI) * orientations
      vote(votes, x, y, turn, magnitude)
    }
  }
  return votes
}

/** Spreads one gradient over the two nearest orientations of the four nearest cells. */
function vote(votes: Float32Array, x: number, y: number, turn: number, magnitude: number): void {
  const lower = Math.floor(turn)
  const upperShare = turn - lower
  const first = lower % orientations
  const second = (lower + 1) % orientations
  const column = (x + 0.5) / cellEdge - 0.5
  const row = (y + 0.5) / cellEdge - 0.5
  const left = Math.floor(column)
  const top = Math.floor(row)
  for (let down = 0; down < 2; down++) {
    const cellY = top + down
    if (cellY < 0 || cellY >= cells) continue
    const shareY = down ? row - top : 1 - (row - top)
    for (let across = 0; across < 2; across++) {
      const cellX = left + across
      if (cellX < 0 || cellX >= cells) continue
      const share = magnitude * shareY * (across ? column - left : 1 - (column - left))
      const bins = (cellY * cells + cellX) * orientations
      votes[bins + first]! += share * (1 - upperShare)
      votes[bins + second]! += share * upperShare
    }
  }
}

function normaliseBlocks(votes: Float32Array): Float32Array {
  const result = new Float32Array(hogLength)
  const energy = cellEnergies(votes)
  for (let row = 0; row < cells; row++) {
    for (let column = 0; column < cells; column++) {
      const bins = (row * cells + column) * orientations
      for (const top of [row - 1, row]) {
        for (const left of [column - 1, column]) {
          const length = Math.sqrt(blockEnergy(energy, left, top)) + 1
          for (let bin = bins; bin < bins + orientations; bin++) {
            result[bin]! += Math.min(clip, votes[bin]! / length) / 4
          }
        }
      }
    }
  }
  return result
}

function cellEnergies(votes: Float32Array): Float32Array {
  const energy = new Float32Array(cells * cells)
  for (let bin = 0; bin < votes.length; bin++) {
    energy[Math.floor(bin / orientations)]! += votes[bin]! * votes[bin]!
  }
  return energy
}

/** Blocks that stick out of the grid repeat its outermost cells. */
function blockEnergy(energy: Float32Array, left: number, top: number): number {
  let sum = 0
  for (const row of [Math.max(0, top), Math.min(cells - 1, top + 1)]) {
    for (const column of [Math.max(0, left), Math.min(cells - 1, left + 1)]) {
      sum += energy[row * cells + column]!
    }
  }
  return sum
}
