import type { JudgedHit } from '../calibration/judge.ts'

/** The best of what was asked for, as far as was looked. */
export interface Candidates {
  /** Best first, those that are equally good by their ids; none that is missing belongs between them. */
  readonly hits: JudgedHit[]
  /** Whether there are no others. */
  readonly isAll: boolean
  /** False where hits were let in of which it is not certain that no other belongs before them. */
  readonly isCertain: boolean
}

export function byId(a: JudgedHit, b: JudgedHit): number {
  return a.record.id < b.record.id ? -1 : Number(a.record.id > b.record.id)
}
