import { resolve } from 'node:path'
import { z } from 'zod'
import { embedderNames, openAiUrl } from './embedders/registry.ts'
import { isRange } from './downloads/public-addresses.ts'
import { fileStoreNames } from './files/registry.ts'
import { missingS3Settings, s3Settings } from './files/s3/settings.ts'
import { qdrantSettings } from './stores/qdrant/settings.ts'
import { normalisedEdge } from './images/image.ts'
import { quantizations } from './stores/embedded/quantization.ts'
import { graphSettings } from './graph/settings.ts'
import { storeNames } from './stores/registry.ts'

const count = z.coerce.number().int().positive()
const list = z
  .string()
  .transform((text) => text.split(',').map((entry) => entry.trim()).filter(Boolean)) // prettier-ignore
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
const url = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ''))
const privateRanges = list
  .transform((entries) =>
    entries.flatMap((entry) => {
      if (entry === 'true') return ['0.0.0.0/0', '::/0']
      return entry === 'false' ? [] : [entry]
    }),
  )
  .refine((ranges) => ranges.every(isRange), 'must be true, false, or ranges such as 10.0.0.0/8')

/** Every setting there is. Defaults that depend on other settings are filled in by `loadConfig`. */
export const settings = z.object({
  HOST: z.string().default('127.0.0.1').describe('Address to listen on'),
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65535)
    .default(8000)
    .describe('Port to listen on; 0 picks a free one'),
  PUBLIC_URL: url
    .optional()
    .describe('Where people reach this server; prefixes minted image URIs and links'),
  DATA_DIR: z.string().default('./data').describe('Folder for everything Lookalike keeps'),
  STORE: z
    .enum(storeNames)
    .optional()
    .describe('Where records live; qdrant when QDRANT_URL is set, else embedded'),
  VECTOR_INDEX_QUANTIZATION: z
    .enum(quantizations)
    .default('none')
    .describe(
      'How the embedded store keeps vectors in memory: none, fp16 or int8; rebuilds the index',
    ),
  ...qdrantSettings,
  FILES: z
    .enum(fileStoreNames)
    .optional()
    .describe('Where originals and thumbnails live; s3 when S3_BUCKET is set, else disk'),
  ...s3Settings,
  EMBEDDER: z
    .enum(embedderNames)
    .optional()
    .describe('What turns images into vectors; openai when OPENAI_API_KEY is set, else visual'),
  OPENAI_API_KEY: z.string().optional().describe('Key for the model provider'),
  OPENAI_BASE_URL: url
    .default(openAiUrl)
    .describe('Any compatible server: Ollama, vLLM, LM Studio'),
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
  OPENAI_VISION_TIMEOUT_MS: count
    .default(30_000)
    .describe('Longest wait for a description, its retries included'),
  OPENAI_EMBEDDING_TIMEOUT_MS: count
    .default(10_000)
    .describe('Longest wait for vectors, retries included'),
  OPENAI_MAX_CONCURRENCY: count.default(8).describe('Most calls under way at once'),
  OPENAI_IMAGE_EDGE: count
    .max(normalisedEdge)
    .default(768)
    .describe(`Longest edge in pixels of the copy that is sent, at most ${normalisedEdge}`),
  OPENAI_IMAGE_QUALITY: count.max(100).default(85).describe('JPEG quality of that copy, 1 to 100'),
  OPENAI_IMAGE_DETAIL: z
    .enum(['low', 'high', 'auto'])
    .default('high')
    .describe('How closely the model looks: low, high or auto; low takes the fewest tokens'),
  OPENAI_MONTHLY_BUDGET_USD: z.coerce
    .number()
    .nonnegative()
    .optional()
    .describe('Paid calls stop when a calendar month (UTC) has cost this much'),
  OPENAI_PRICES: prices
    .default({})
    .describe('Dollars per million tokens by model, as JSON, where the built-in table is wrong'),
  EMBEDDING_CACHE_MB: z.coerce
    .number()
    .positive()
    .default(256)
    .describe('Room for remembered descriptions and vectors, in megabytes; oldest use goes first'),
  ...graphSettings,
  API_KEYS: list.default([]).describe('Comma-separated keys; when set, every /api call needs one'),
  ALLOW_ANONYMOUS: z
    .stringbool()
    .default(false)
    .describe('true: listen on a public address without keys'),
  CORS_ORIGINS: list
    .default([])
    .describe('Comma-separated origins whose pages may call the API, or *'),
  MAX_UPLOAD_MB: z.coerce
    .number()
    .positive()
    .default(20)
    .describe('Largest accepted file, in megabytes (10^6 bytes)'),
  MAX_MEGAPIXELS: z.coerce
    .number()
    .positive()
    .default(50)
    .describe('Largest accepted picture, in millions of pixels'),
  RATE_LIMIT_PER_MINUTE: count
    .optional()
    .describe('Pictures that one caller may search or index in a minute; no limit when empty'),
  ALLOW_PRIVATE_URLS: privateRanges
    .default([])
    .describe('Ranges such as 10.0.0.0/8 that image_url may lead to though not public; true: any'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('warn')
    .describe('Least severe line to log'),
})

type Settings = z.infer<typeof settings>

/** The settings with every default filled in. */
export interface Config extends Settings {
  STORE: NonNullable<Settings['STORE']>
  FILES: NonNullable<Settings['FILES']>
  EMBEDDER: NonNullable<Settings['EMBEDDER']>
}

/** A setting that cannot be used; the message lists every one of them and what is valid. */
export class ConfigError extends Error {}

/**
 * Reads settings from the environment (`process.env` or a test's own object).
 *
 * @throws ConfigError with one line per mistake
 */
export function loadConfig(env: Record<string, string | undefined>): Config {
  const given = Object.fromEntries(
    Object.keys(settings.shape).flatMap((name) => (env[name]?.trim() ? [[name, env[name]]] : [])),
  )
  const parsed = settings.safeParse(given)
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new ConfigError(`These settings cannot be used:\n  ${lines.join('\n  ')}`)
  }
  const config: Config = {
    ...parsed.data,
    DATA_DIR: resolve(parsed.data.DATA_DIR),
    STORE: parsed.data.STORE ?? (given['QDRANT_URL'] ? 'qdrant' : 'embedded'),
    FILES: parsed.data.FILES ?? (given['S3_BUCKET'] ? 's3' : 'disk'),
    ...modelTimeouts(parsed.data, given),
    EMBEDDER: parsed.data.EMBEDDER ?? (given['OPENAI_API_KEY'] ? 'openai' : 'visual'),
  }
  if (config.EMBEDDER === 'openai' && !config.OPENAI_API_KEY && !given['OPENAI_BASE_URL']) {
    throw new ConfigError(
      'EMBEDDER=openai needs OPENAI_API_KEY, or OPENAI_BASE_URL for a compatible server that asks for no key.',
    )
  }
  if (config.QDRANT_WRITE_CONSISTENCY_FACTOR > config.QDRANT_REPLICATION_FACTOR) {
    throw new ConfigError(
      `QDRANT_WRITE_CONSISTENCY_FACTOR=${config.QDRANT_WRITE_CONSISTENCY_FACTOR} asks more copies to hold a write ` +
        `than QDRANT_REPLICATION_FACTOR=${config.QDRANT_REPLICATION_FACTOR} makes.`,
    )
  }
  const missing = config.FILES === 's3' ? missingS3Settings(config) : []
  if (missing.length > 0) throw new ConfigError(`FILES=s3 also needs ${missing.join(', ')}.`)
  if (!isLoopback(config.HOST) && config.API_KEYS.length === 0 && !config.ALLOW_ANONYMOUS) {
    throw new ConfigError(
      `HOST=${config.HOST} can be reached from other machines, and no API_KEYS are set: anyone could read, ` +
        'add and delete pictures. Set API_KEYS=<a long random string>, or ALLOW_ANONYMOUS=true if that is meant.',
    )
  }
  return config
}

/** `OPENAI_TIMEOUT_MS` speaks for those of the two models that have no setting of their own. */
function modelTimeouts(parsed: Settings, given: Record<string, unknown>) {
  const names = ['OPENAI_VISION_TIMEOUT_MS', 'OPENAI_EMBEDDING_TIMEOUT_MS'] as const
  return Object.fromEntries(
    names.map((name) => [
      name,
      given[name] ? parsed[name] : (parsed.OPENAI_TIMEOUT_MS ?? parsed[name]),
    ]),
  ) as Pick<Settings, (typeof names)[number]>
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}
