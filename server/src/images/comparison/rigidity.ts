import { leastContrast, type Frame, type TileMatch } from './alignment.ts'

const leastCorrelation = 0.85
const terms = 6

/**
 * How much a picture is bent, in the frame's pixels (RMS): a quadratic surface through the shifts of its squares, of
 * which a turn, a shift, a scale and a stretch along its sides do not count. A camera that moved bends a picture
 * (to second order in its motion a homography is such a surface); what programs do to copies does not.
 */
export function bendOf(frame: Frame, tiles: TileMatch[]): number {
  const half = Math.max(frame.width, frame.height) / 2
  // Least squares with a ridge: squares that all lie in one corner say nothing of how a picture bends.
  const equations = Array.from({ length: terms }, (_, row) => {
    const equation = new Float64Array(terms + 2)
    equation[row] = row < 3 ? 0.05 : 1.5
    return equation
  })
  const rows: number[][] = []
  for (const { x, y, dx, dy, correlation, deviationB } of tiles) {
    if (correlation < leastCorrelation || deviationB < leastContrast + 2) continue
    const u = (x + frame.tile / 2 - frame.width / 2) / half
    const v = (y + frame.tile / 2 - frame.height / 2) / half
    const row = [1, u, v, u * u, u * v, v * v]
    rows.push(row)
    for (const [index, equation] of equations.entries()) {
      for (let term = 0; term < terms; term++) equation[term]! += row[index]! * row[term]!
      equation[terms]! += row[index]! * dx
      equation[terms + 1]! += row[index]! * dy
    }
  }
  solve(equations)
  const across = equations.map((equation) => equation[terms]!)
  const down = equations.map((equation) => equation[terms + 1]!)
  const shear = (across[2]! + down[1]!) / 2
  let sum = 0
  for (const [, u, v, uu, uv, vv] of rows) {
    const dx = shear * v! + across[3]! * uu! + across[4]! * uv! + across[5]! * vv!
    const dy = shear * u! + down[3]! * uu! + down[4]! * uv! + down[5]! * vv!
    sum += dx * dx + dy * dy
  }
  return Math.sqrt(sum / Math.max(rows.length, 1))
}

/** Gauss and Jordan, for a positive definite matrix with right sides behind it. */
function solve(equations: Float64Array[]): void {
  for (const [index, equation] of equations.entries()) {
    const pivot = equation[index]!
    for (let at = index; at < equation.length; at++) equation[at]! /= pivot
    for (const other of equations) {
      const factor = other[index]!
      if (other === equation || factor === 0) continue
      for (let at = index; at < equation.length; at++) other[at]! -= factor * equation[at]!
    }
  }
}
