import { z } from 'zod'
import { normalisedEdge } from '../../images/image.ts'
import { proxiesOf, type ProxySettings } from '../../providers/proxies.ts'
import { count, url } from '../../setting-types.ts'
import type { State } from '../../state/state.ts'
import { dialectNames, type EmbeddingServerOptions } from './options.ts'

/** The settings of a server that embeds pictures. */
export const embeddingServerSettings = {
  EMBEDDING_SERVER_URL: url
    .optional()
    .describe('With EMBEDDER=server: where a server embeds pictures, such as http://gpu:8000'),
  EMBEDDING_SERVER_DIALECT: z
    .enum(dialectNames)
    .default('vllm')
    .describe('What that server is: vllm, infinity or llamacpp'),
  EMBEDDING_SERVER_KEY: z
    .string()
    .optional()
    .describe('Key for that server, where it asks for one'),
  EMBEDDING_MODEL: z
    .string()
    .optional()
    .describe('Its model, by the name that the server knows it by'),
  EMBEDDING_REVISION: z
    .string()
    .regex(/^[\w.-]+$/, 'must be one word, such as a commit or a date')
    .optional()
    .describe('Which version of that model it is; becomes part of the name of the embedder'),
  EMBEDDING_DIMENSIONS: count
    .optional()
    .describe('Length of its vectors; found by asking when empty, and checked'),
  EMBEDDING_TIMEOUT_MS: count
    .default(30_000)
    .describe('Longest wait for its answer, retries included'),
  EMBEDDING_MAX_CONCURRENCY: count
    .default(16)
    .describe('Pictures that are with that server at once, at most'),
  EMBEDDING_IMAGE_EDGE: count
    .max(normalisedEdge)
    .default(512)
    .describe(`Longest edge in pixels of the copy that is sent to it, at most ${normalisedEdge}`),
  EMBEDDING_PRICE_USD: z.coerce
    .number()
    .nonnegative()
    .default(0)
    .describe('Dollars per million tokens, where that server is paid by them'),
}

export type EmbeddingServerSettings = z.output<z.ZodObject<typeof embeddingServerSettings>>

/** What is missing before a server can be asked; null when nothing is. */
export function embeddingServerConflict(settings: EmbeddingServerSettings): string | null {
  const missing = (['EMBEDDING_SERVER_URL', 'EMBEDDING_MODEL'] as const).filter(
    (name) => settings[name] === undefined,
  )
  if (missing.length === 0) return null
  return (
    `EMBEDDER=server needs ${missing.join(' and ')}, for example ` +
    'EMBEDDING_SERVER_URL=http://localhost:8000 and EMBEDDING_MODEL=openai/clip-vit-base-patch32.'
  )
}

export function embeddingServerOptions(
  settings: EmbeddingServerSettings & ProxySettings & { readonly NAMES_BY_MODEL: boolean },
  state: State,
): EmbeddingServerOptions {
  return {
    url: settings.EMBEDDING_SERVER_URL!,
    dialect: settings.EMBEDDING_SERVER_DIALECT,
    apiKey: settings.EMBEDDING_SERVER_KEY,
    model: settings.EMBEDDING_MODEL!,
    revision: settings.EMBEDDING_REVISION,
    dimensions: settings.EMBEDDING_DIMENSIONS,
    timeoutMs: settings.EMBEDDING_TIMEOUT_MS,
    maxConcurrency: settings.EMBEDDING_MAX_CONCURRENCY,
    edge: settings.EMBEDDING_IMAGE_EDGE,
    price: settings.EMBEDDING_PRICE_USD,
    proxies: proxiesOf(settings),
    names: settings.NAMES_BY_MODEL,
    state,
  }
}

/** The settings that name the model of an embedder id such as `server:openai/clip#2021@512`; null for another's id. */
export function previousServerModel(id: string) {
  const [, model, revision, dimensions] = /^server:(.+?)(?:#([\w.-]+))?@(\d+)$/.exec(id) ?? []
  if (model === undefined) return null
  return {
    EMBEDDING_MODEL: model,
    EMBEDDING_REVISION: revision,
    EMBEDDING_DIMENSIONS: Number(dimensions),
  }
}
