import { LookalikeError } from '../errors.ts'

/** Dollars per million tokens. */
export interface Price {
  readonly input: number
  readonly output: number
}

export type Prices = Readonly<Record<string, Price>>

/** As https://platform.openai.com/docs/pricing had them on 2026-04-06; OPENAI_PRICES goes before them. */
const prices: Prices = {
  'gpt-4o': { input: 2.5, output: 10 },
  'gpt-4o-mini': { input: 0.15, output: 0.6 },
  'gpt-4.1': { input: 2, output: 8 },
  'gpt-4.1-mini': { input: 0.4, output: 1.6 },
  'gpt-4.1-nano': { input: 0.1, output: 0.4 },
  'text-embedding-3-large': { input: 0.13, output: 0 },
  'text-embedding-3-small': { input: 0.02, output: 0 },
  'text-embedding-ada-002': { input: 0.1, output: 0 },
}

/** Dated snapshots (`gpt-4o-2024-11-20`) cost what their model costs; undefined when it is not known. */
export function priceOf(model: string, overrides: Prices): Price | undefined {
  const table = { ...prices, ...overrides }
  return table[model] ?? table[model.replace(/-\d{4}-\d{2}-\d{2}$/, '')]
}

/** Null when the price is not known. */
export function costOf(
  tokens: { inputTokens: number; outputTokens: number },
  price: Price | undefined,
): number | null {
  if (!price) return null
  return (tokens.inputTokens * price.input + tokens.outputTokens * price.output) / 1e6
}

/**
 * A budget that cannot see some of the money would promise what it does not hold.
 *
 * @throws LookalikeError `unsupported`
 */
export function assertPriced(models: string[], overrides: Prices): void {
  const unknown = models.filter((model) => !priceOf(model, overrides))
  if (unknown.length === 0) return
  const example = JSON.stringify({ [unknown[0]!]: { input: 0, output: 0 } })
  throw new LookalikeError(
    'unsupported',
    `OPENAI_MONTHLY_BUDGET_USD needs to know what ${unknown.join(' and ')} cost, in dollars per million tokens: ` +
      `set OPENAI_PRICES, for example '${example}'.`,
  )
}
