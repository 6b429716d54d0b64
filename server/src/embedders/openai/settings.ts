import { z } from 'zod'
import { normalisedEdge } from '../../images/image.ts'
import { proxiesOf, type ProxySettings } from '../../providers/proxies.ts'
import { count, url } from '../../setting-types.ts'
import type { State } from '../../state/state.ts'
import type { OpenAiOptions } from './index.ts'

/** Where no server of one's own is named; asks for a key. */
const openAiUrl = 'https://api.openai.com/v1'
const visionTimeoutMs = 30_000
const embeddingTimeoutMs = 10_000

const dollars = z.number().nonnegative()
const prices = z
  .string()
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text)
    } catch {
      context.addIssue({ code: 'custom', message: 'must be JSON' })
      return z.NEVER
    }
  })
  .pipe(z.record(z.string(), z.strictObject({ input: dollars, output: dollars.default(0) })))

/** The settings of a provider of models, OpenAI or a server that speaks its API. */
export const openAiSettings = {
  OPENAI_API_KEY: z.string().optional().describe('Key for the model provider'),
  OPENAI_BASE_URL: url.optional().meta({
    default: openAiUrl,
    description: 'Any compatible server: Ollama, vLLM, LM Studio',
  }),
  OPENAI_VISION_MODEL: z.string().default('gpt-4o').describe('Model that describes images'),
  OPENAI_EMBEDDING_MODEL: z
    .string()
    .default('text-embedding-3-large')
    .describe('Model that embeds descriptions'),
  OPENAI_EMBEDDING_DIMENSIONS: count
    .default(1536)
    .describe('Length of the vectors asked of that model'),
  OPENAI_TIMEOUT_MS: count
    .optional()
    .describe('Longest wait for one answer of a model; replaces the defaults of the next two'),
  OPENAI_VISION_TIMEOUT_MS: count.optional().meta({
    default: visionTimeoutMs,
    description: 'Longest wait for a description, its retries included',
  }),
  OPENAI_EMBEDDING_TIMEOUT_MS: count.optional().meta({
    default: embeddingTimeoutMs,
    description: 'Longest wait for vectors, retries included',
  }),
  OPENAI_MAX_CONCURRENCY: count.default(8).describe('Calls under way at once, at most'),
  OPENAI_IMAGE_EDGE: count
    .max(normalisedEdge)
    .default(768)
    .describe(`Longest edge in pixels of the copy that is sent, at most ${normalisedEdge}`),
  OPENAI_IMAGE_QUALITY: count.max(100).default(85).describe('JPEG quality of that copy, 1 to 100'),
  OPENAI_IMAGE_DETAIL: z
    .enum(['low', 'high', 'auto'])
    .default('high')
    .describe('How closely the model looks: low, high or auto; low takes the fewest tokens'),
  OPENAI_VISION_MAX_TOKENS: count
    .default(1000)
    .describe('Longest answer of the vision model, in tokens; models that think first need more'),
  OPENAI_MONTHLY_BUDGET_USD: z.coerce
    .number()
    .nonnegative()
    .optional()
    .describe('Paid calls stop when a calendar month (UTC) has cost this much'),
  OPENAI_PRICES: prices
    .default({})
    .describe('Dollars per million tokens by model, as JSON, where the built-in table is wrong'),
}

export type OpenAiSettings = z.output<z.ZodObject<typeof openAiSettings>>

/** Whether there is anybody to ask: OpenAI with a key, or a server that may need none. */
export function hasProvider(settings: OpenAiSettings): boolean {
  return Boolean(settings.OPENAI_API_KEY || settings.OPENAI_BASE_URL)
}

export function openAiOptions(
  settings: OpenAiSettings & ProxySettings,
  state: State,
): OpenAiOptions {
  const timeoutMs = settings.OPENAI_TIMEOUT_MS
  return {
    apiKey: settings.OPENAI_API_KEY,
    baseUrl: settings.OPENAI_BASE_URL ?? openAiUrl,
    proxies: proxiesOf(settings),
    vision: {
      model: settings.OPENAI_VISION_MODEL,
      timeoutMs: settings.OPENAI_VISION_TIMEOUT_MS ?? timeoutMs ?? visionTimeoutMs,
      edge: settings.OPENAI_IMAGE_EDGE,
      quality: settings.OPENAI_IMAGE_QUALITY,
      detail: settings.OPENAI_IMAGE_DETAIL,
      maxTokens: settings.OPENAI_VISION_MAX_TOKENS,
    },
    embedding: {
      model: settings.OPENAI_EMBEDDING_MODEL,
      dimensions: settings.OPENAI_EMBEDDING_DIMENSIONS,
      timeoutMs: settings.OPENAI_EMBEDDING_TIMEOUT_MS ?? timeoutMs ?? embeddingTimeoutMs,
    },
    maxConcurrency: settings.OPENAI_MAX_CONCURRENCY,
    prices: settings.OPENAI_PRICES,
    state,
  }
}
