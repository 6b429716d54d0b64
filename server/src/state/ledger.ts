import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { LookalikeError } from '../errors.ts'
import { explained } from '../sqlite/errors.ts'
import { stateFile } from './state-file.ts'

/** One answer of a model. */
export interface PaidCall {
  readonly model: string
  readonly inputTokens: number
  readonly outputTokens: number
  /** Null when the price of the model is not known. */
  readonly estimatedUsd: number | null
  /** From sending the request to having its answer, failed attempts included. */
  readonly ms: number
}

/** The calls to one model on one UTC day. */
export interface DayOfCalls {
  readonly day: string
  readonly model: string
  readonly calls: number
  readonly inputTokens: number
  readonly outputTokens: number
  /** Of those calls whose price is known. */
  readonly estimatedUsd: number
  readonly unpricedCalls: number
}

/** The calls to one model since `state.db` was made. */
export type TotalCalls = Omit<DayOfCalls, 'day' | 'unpricedCalls'> & { readonly ms: number }

/** What one call to a model costs, averaged over the calls of the last 90 days. */
export interface AverageCall {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly ms: number
}

/** The running total of what models were asked, and the guard over what may still be spent. */
export class Ledger {
  /** Dollars in a calendar month (UTC). */
  readonly monthlyBudget: number | undefined
  readonly #add: StatementSync
  /** What a full disk did not take. */
  readonly #unwritten: PaidCall[] = []
  readonly #since: StatementSync
  readonly #totals: StatementSync
  readonly #spent: StatementSync
  readonly #average: StatementSync

  constructor(database: DatabaseSync, monthlyBudget: number | undefined) {
    this.monthlyBudget = monthlyBudget
    this.#add = database.prepare(
      `INSERT INTO calls VALUES (?, ?, 1, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET calls = calls + 1,
         input_tokens = input_tokens + excluded.input_tokens,
         output_tokens = output_tokens + excluded.output_tokens,
         ms = ms + excluded.ms,
         estimated_usd = estimated_usd + excluded.estimated_usd,
         unpriced_calls = unpriced_calls + excluded.unpriced_calls`,
    )
    this.#since = database.prepare(
      `SELECT day, model, calls, input_tokens AS inputTokens, output_tokens AS outputTokens,
         estimated_usd AS estimatedUsd, unpriced_calls AS unpricedCalls
       FROM calls WHERE day >= ? ORDER BY day DESC, model`,
    )
    this.#totals = database.prepare(
      `SELECT model, sum(calls) AS calls, sum(input_tokens) AS inputTokens,
         sum(output_tokens) AS outputTokens, sum(estimated_usd) AS estimatedUsd, sum(ms) AS ms
       FROM calls GROUP BY model ORDER BY model`,
    )
    this.#spent = database.prepare(
      'SELECT coalesce(sum(estimated_usd), 0) AS usd FROM calls WHERE day >= ?',
    )
    this.#average = database.prepare(
      `SELECT sum(calls) AS calls, sum(input_tokens) AS input, sum(output_tokens) AS output,
         sum(ms) AS ms FROM calls WHERE model = ? AND day >= ?`,
    )
  }

  record(call: PaidCall): void {
    this.#unwritten.push(call)
    try {
      explained(stateFile, () => {
        for (let next; (next = this.#unwritten[0]); this.#unwritten.shift()) this.#write(next)
      })
    } catch (error) {
      // The answer was paid for and is given; what it cost is written once the disk has room.
      if (!(error instanceof LookalikeError && error.code === 'storage_full')) throw error
    }
  }

  #write(call: PaidCall): void {
    const { model, inputTokens, outputTokens, ms, estimatedUsd } = call
    const unpriced = estimatedUsd === null ? 1 : 0
    this.#add.run(today(), model, inputTokens, outputTokens, ms, estimatedUsd ?? 0, unpriced)
  }

  /** Newest day first. */
  days(count: number): DayOfCalls[] {
    return this.#since.all(daysAgo(count - 1)) as unknown as DayOfCalls[]
  }

  totals(): TotalCalls[] {
    return this.#totals.all() as unknown as TotalCalls[]
  }

  /** Dollars since the first of this month (UTC), as far as prices are known. */
  spentThisMonth(): number {
    const { usd } = this.#spent.get(`${today().slice(0, 7)}-01`) as { usd: number }
    return this.#unwritten.reduce((sum, { estimatedUsd }) => sum + (estimatedUsd ?? 0), usd)
  }

  averageCall(model: string): AverageCall | undefined {
    const row = this.#average.get(model, daysAgo(90)) as Record<string, number | null>
    const { calls, input, output, ms } = row
    if (!calls) return undefined
    return { inputTokens: input! / calls, outputTokens: output! / calls, ms: ms! / calls }
  }

  /**
   * Called before every paid call. Those under way when the budget runs out are still paid.
   *
   * @throws LookalikeError `budget_exhausted`
   */
  assertWithinBudget(): void {
    if (this.monthlyBudget === undefined || this.spentThisMonth() < this.monthlyBudget) return
    throw new LookalikeError(
      'budget_exhausted',
      `This month's budget of $${this.monthlyBudget} for model calls is used up. Pictures that are indexed or ` +
        'were seen before can still be searched. Raise OPENAI_MONTHLY_BUDGET_USD, or wait for the next month (UTC).',
    )
  }
}

function today(): string {
  return daysAgo(0)
}

function daysAgo(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)
}
