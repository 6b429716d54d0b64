import { setPriority } from 'node:os'
import { Comparison } from './compare.ts'
import type { Change } from './change.ts'
import type { Sketch } from './sketch.ts'

const lowPriority = 5

export interface CompareTask {
  readonly picture: Sketch
  readonly others: readonly Sketch[]
  /** Whether somebody waits for it. */
  readonly urgent: boolean
}

/** What was done to the picture to get each of the others; null for those that are other pictures. */
export default function compare({ picture, others, urgent }: CompareTask): (Change | null)[] {
  // On Linux a thread has a priority of its own: what nobody waits for takes what time is left.
  if (!urgent && process.platform === 'linux') setPriority(lowPriority)
  const comparison = new Comparison(picture)
  return others.map((other) => comparison.with(other))
}
