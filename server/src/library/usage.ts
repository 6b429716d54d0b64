import { LookalikeError } from '../errors.ts'
import type { DayOfCalls, Ledger } from '../state/ledger.ts'
import type { LibraryDeps } from './deps.ts'

export interface UsageReport {
  /** Newest first; one entry per day and model. */
  readonly days: DayOfCalls[]
  readonly total: Omit<DayOfCalls, 'day' | 'model'>
  readonly month: { readonly estimated_usd: number; readonly budget_usd: number | null }
}

/** What models were asked on the last days (UTC), today being the first of them. */
export function usageReport(ledger: Ledger, days: number): UsageReport {
  const rows = ledger.days(days)
  const sum = (key: keyof UsageReport['total']) => rows.reduce((total, row) => total + row[key], 0)
  return {
    days: rows,
    total: {
      calls: sum('calls'),
      input_tokens: sum('input_tokens'),
      output_tokens: sum('output_tokens'),
      estimated_usd: sum('estimated_usd'),
      unpriced_calls: sum('unpriced_calls'),
    },
    month: { estimated_usd: ledger.spentThisMonth(), budget_usd: ledger.monthlyBudget ?? null },
  }
}

export interface ImportEstimate {
  readonly images: number
  /** Null when the price of a model is not known. */
  readonly estimated_usd: number | null
  readonly estimated_minutes: number
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
  return {
    images,
    estimated_usd: one.estimated_usd === null ? null : one.estimated_usd * images,
    estimated_minutes: (one.ms * images) / 60_000,
    basis: one.basis,
  }
}
