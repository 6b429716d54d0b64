import {
  LookalikeApiError,
  type CallTotals,
  type Client,
  type ImportEstimate,
  type UsageReport,
} from '@lookalike/sdk'

/** What so many new pictures would cost; null where describing them calls no paid model. */
export async function estimateOf(client: Client, images: number): Promise<ImportEstimate | null> {
  return client.estimateImport(images).catch((error: unknown) => {
    if (error instanceof LookalikeApiError && error.problem.code === 'unsupported') return null
    throw error
  })
}

/** The calls of one model today and this month, both by UTC, as the server counts them. */
export interface ModelUsage {
  readonly model: string
  readonly today: CallTotals
  readonly month: CallTotals
}

const nothing: CallTotals = {
  calls: 0,
  input_tokens: 0,
  output_tokens: 0,
  estimated_usd: 0,
  unpriced_calls: 0,
}

/** The report's days summed up by model; a month must lie within the days that were asked for. */
export function usageByModel({ days }: UsageReport, now = new Date()): ModelUsage[] {
  const today = now.toISOString().slice(0, 10)
  const month = days.filter(({ day }) => day.startsWith(today.slice(0, 7)))
  const models = [...new Set(month.map(({ model }) => model))].toSorted()
  return models.map((model) => {
    const ofModel = month.filter((row) => row.model === model)
    return {
      model,
      today: ofModel.filter(({ day }) => day === today).reduce(add, nothing),
      month: ofModel.reduce(add, nothing),
    }
  })
}

export function add(one: CallTotals, other: CallTotals): CallTotals {
  return {
    calls: one.calls + other.calls,
    input_tokens: one.input_tokens + other.input_tokens,
    output_tokens: one.output_tokens + other.output_tokens,
    estimated_usd: one.estimated_usd + other.estimated_usd,
    unpriced_calls: one.unpriced_calls + other.unpriced_calls,
  }
}

/** `$12.34`, and `$0.0123` where cents would hide it. */
export function dollars(usd: number): string {
  if (usd > 0 && usd < 0.0001) return 'under $0.0001'
  return `$${usd.toFixed(usd === 0 || Math.abs(usd) >= 1 ? 2 : 4)}`
}
