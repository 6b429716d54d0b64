import { z } from 'zod'
import { integerInText } from './values/text.ts'

const calls = z.int().describe('How many times a model was asked')
const inputTokens = z.int().describe('Tokens that were sent to models')
const outputTokens = z.int().describe('Tokens that models answered with')

const usageExample = { calls: 2, input_tokens: 1221, output_tokens: 164, estimated_usd: 0.00102 }

export const usage = z
  .object({
    calls,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    estimated_usd: z
      .number()
      .nullable()
      .describe('What it cost, in US dollars; null when the price of a model is not known'),
  })
  .describe('What models were asked for this; all zero where none was')
  .meta({ id: 'Usage', examples: [usageExample] })
export type Usage = z.infer<typeof usage>

export const stage = z
  .enum(['receive', 'decode', 'describe', 'embed', 'search', 'store'])
  .describe('A part of the work on a request')
  .meta({ id: 'Stage' })
export type Stage = z.infer<typeof stage>

const milliseconds = (words: string) =>
  z.number().optional().describe(`Milliseconds spent on ${words}`)

const timings = z
  .object({
    receive: milliseconds('receiving the file'),
    decode: milliseconds('decoding it'),
    describe: milliseconds('having it described'),
    embed: milliseconds('making its vector'),
    search: milliseconds('searching'),
    store: milliseconds('storing'),
    total: z.number().describe('Milliseconds from the first byte to the answer'),
  })
  .describe('Time by stage, in milliseconds; stages that were not needed are absent')
  .meta({ id: 'Timings', examples: [{ receive: 2.1, decode: 9.8, embed: 14.2, total: 27.5 }] })

/** The fields of an answer that say what it took. */
export const cost = {
  cached: z
    .boolean()
    .describe('True when no model was asked because this very picture or text is known already'),
  timings_ms: timings,
  usage,
}

export const costExample = {
  cached: false,
  timings_ms: { receive: 2.1, decode: 9.8, embed: 14.2, total: 27.5 },
  usage: usageExample,
}

export const usageParameters = z.object({
  days: integerInText(
    z
      .int()
      .min(1, 'must be at least 1')
      .max(366, 'must be at most 366')
      .describe('How many days back, today included'),
  ).default(30),
})

const callTotalsExample = {
  calls: 410,
  input_tokens: 250_310,
  output_tokens: 33_620,
  estimated_usd: 0.21,
  unpriced_calls: 0,
}

export const callTotals = z
  .object({
    calls,
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    estimated_usd: z
      .number()
      .describe('What it cost, in US dollars, for those calls whose price is known'),
    unpriced_calls: z.int().describe('Calls whose price is not known'),
  })
  .describe('Sums over calls of models')
  .meta({ id: 'CallTotals', examples: [callTotalsExample] })
export type CallTotals = z.infer<typeof callTotals>

const dayExample = { day: '2026-11-22', model: 'gpt-4.1-mini', ...callTotalsExample }

export const dayOfCalls = callTotals
  .extend({
    day: z.string().describe('A UTC date such as 2026-11-22'),
    model: z.string().describe('The name of the model'),
  })
  .describe('The calls of one model on one day')
  .meta({ id: 'DayOfCalls', examples: [dayExample] })

const month = z
  .object({
    estimated_usd: z.number().describe('What this month cost so far, in US dollars'),
    budget_usd: z
      .number()
      .nullable()
      .describe('What a month may cost, in US dollars; null when there is no budget'),
  })
  .describe('This calendar month (UTC)')
  .meta({ id: 'MonthOfCalls', examples: [{ estimated_usd: 3.2, budget_usd: 10 }] })

export const usageReport = z
  .object({
    days: z.array(dayOfCalls).describe('Newest first; one entry per day and model'),
    total: callTotals,
    month,
  })
  .describe('What models were asked, and what that cost by estimate')
  .meta({
    id: 'UsageReport',
    examples: [
      {
        days: [dayExample],
        total: callTotalsExample,
        month: { estimated_usd: 3.2, budget_usd: 10 },
      },
    ],
  })
export type UsageReport = z.infer<typeof usageReport>

export const estimateParameters = z.object({
  images: integerInText(
    z
      .int()
      .min(1, 'must be at least 1')
      .max(1e9, 'must be at most 1e9')
      .describe('How many new images')
      .meta({ examples: [1000] }),
  ),
})

/** The fields of an estimate. */
export const estimate = {
  estimated_usd: z
    .number()
    .nullable()
    .describe('What it would cost, in US dollars; null when the price of a model is not known'),
  estimated_minutes: z.number().describe('How long it would take, in minutes'),
  basis: z
    .enum(['measured', 'typical'])
    .describe("`measured` on the server's own calls; `typical` before there are any")
    .meta({ id: 'EstimateBasis' }),
}

export const importEstimate = z
  .object({ images: z.int().describe('How many new images'), ...estimate })
  .describe('What adding so many images would cost')
  .meta({
    id: 'ImportEstimate',
    examples: [{ images: 1000, estimated_usd: 0.51, estimated_minutes: 6.4, basis: 'measured' }],
  })
export type ImportEstimate = z.infer<typeof importEstimate>
