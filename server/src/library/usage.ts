import { LookalikeError } from '../errors.ts'
import type { DayOfCalls, Ledger } from '../state/ledger.ts'
import type { LibraryDeps } from './deps.ts'

export interface UsageReport {
  /** Newest first; one entry per day and model. */
  readonly days: DayOfCalls[]
  readonly total: Omit<DayOfCalls, 'day' | 'model'>
  readonly month: { readonly estimatedUsd: number; readonly budgetUsd: number | null }
}

/** What models were asked on the last days (UTC), today being the first of them. */
export function reportUsage(ledger: Ledger, days: number): UsageReport {
  const rows = ledger.days(days)
  const sum = (key: keyof UsageReport['total']) => rows.reduce((total, row) => total + row[key], 0)
  return {
    days: rows,
    total: {
      calls: sum('calls'),
      inputTokens: sum('inputTokens'),
      outputTokens: sum('outputTokens'),
      estimatedUsd: sum('estimatedUsd'),
      unpricedCalls: sum('unpricedCalls'),
    },
    month: { estimatedUsd: ledger.spentThisMonth(), budgetUsd: ledger.monthlyBudget ?? null },
  }
}

export interface ImportEstimate {
  readonly images: number
  /** Null when the price of a model is not known. */
  readonly estimatedUsd: number | null
  readonly estimatedMinutes: number
  /** `measured` on this installation's own calls; `typical` before there are any. */
  readonly basis: 'measured' | 'typical'
}

/**
 * What adding so many new pictures would cost.
 *
 * @throws LookalikeError `unsupported` when the embedder asks no paid model
 */
export function estimateImport({ embedder }: LibraryDeps, images: number): ImportEstimate {
  const one = embedder.estimate?.()
  if (!one) {
    throw new LookalikeError(
      'unsupported',
      `The embedder ${embedder.id} runs in this server and calls no model: an import costs no money.`,
    )
  }
  const { estimatedUsd: onceUsd, ms: onceMs } = one.once ?? { estimatedUsd: 0, ms: 0 }
  return {
    images,
    estimatedUsd:
      one.estimatedUsd === null || onceUsd === null ? null : one.estimatedUsd * images + onceUsd,
    // What is asked once is asked beside them.
    estimatedMinutes: Math.max(one.ms * images, onceMs) / 60_000,
    basis: one.basis,
  }
}
