import { estimate, type Estimate } from '../bootstrap.ts'
import type { TransformationResult } from '../near-duplicates/find-originals.ts'
import type { Query } from '../retrieval.ts'

/** What one embedder did on one folder. */
export interface Evaluation {
  readonly embedder: string
  readonly dimensions: number
  readonly msPerImage: number
  readonly queries: readonly Query[]
  readonly pairs: { readonly median: number; readonly p95: number }
  /** Empty when no pictures were changed. */
  readonly nearDuplicates: readonly TransformationResult[]
}

export interface Summary {
  readonly label: string
  readonly n: number
  readonly p1: Estimate
  readonly p10: Estimate
  readonly map: Estimate
}

/** Means over `queries` with their confidence intervals. */
export function summarise(label: string, queries: readonly Query[]): Summary {
  return {
    label,
    n: queries.length,
    p1: estimate(queries.map(({ p1 }) => p1)),
    p10: estimate(queries.map(({ p10 }) => p10)),
    map: estimate(queries.map(({ ap }) => ap)),
  }
}

/** One summary a class, in the order the classes appear. */
export function summariseClasses(queries: readonly Query[]): Summary[] {
  const classes = Map.groupBy(queries, ({ label }) => label)
  return [...classes].map(([label, members]) => summarise(label, members))
}
