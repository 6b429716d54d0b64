import { z } from 'zod'
import { normalisedEdge } from '../../images/image.ts'
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
  HTTPS_PROXY: z
    .string()
    .optional()
    .describe('Proxy to the model provider, for https addresses; lower case will do as well'),
  HTTP_PROXY: z
    .string()
    .optional()
    .describe('The same for http addresses, and for https ones where HTTPS_PROXY is empty'),
  NO_PROXY: z
    .string()
    .optional()
    .describe('Comma-separated hosts that are reached without a proxy; * for all'),
}

export type OpenAiSettings = z.output<z.ZodObject<typeof openAiSettings>>

/** Whether there is anybody to ask: OpenAI with a key, or a server that may need none. */
export function hasProvider(settings: OpenAiSettings): boolean {
  return Boolean(settings.OPENAI_API_KEY || settings.OPENAI_BASE_URL)
}

/** What is wrong with the proxies of an environment, which may be meant for other programs. */
export function proxyConflict(settings: OpenAiSettings): string | null {
  const wrong = (['HTTPS_PROXY', 'HTTP_PROXY'] as const).find((name) => {
    const url = settings[name] === undefined ? undefined : URL.parse(proxyUrl(settings[name])!)
    return url === null || (url && !/^https?:$/.test(url.protocol))
  })
  return wrong ? `${wrong}: must be an address such as http://proxy:3128` : null
}

/** The scheme is often left out. */
function proxyUrl(text: string | undefined): string | undefined {
  return text === undefined || text.includes('://') ? text : `http://${text}`
}

export function openAiOptions(settings: OpenAiSettings, state: State): OpenAiOptions {
  const timeoutMs = settings.OPENAI_TIMEOUT_MS
  return {
    apiKey: settings.OPENAI_API_KEY,
    baseUrl: settings.OPENAI_BASE_URL ?? openAiUrl,
    proxies: {
      http: proxyUrl(settings.HTTP_PROXY),
      https: proxyUrl(settings.HTTPS_PROXY),
      except: settings.NO_PROXY,
    },
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
