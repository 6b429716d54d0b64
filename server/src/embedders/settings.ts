import { z } from 'zod'
import { proxyConflict, proxySettings } from '../providers/proxies.ts'
import { hasProvider, openAiSettings } from './openai/settings.ts'
import { localConflict, localSettings } from './local/settings.ts'
import { embeddingServerConflict, embeddingServerSettings } from './server/settings.ts'

/** Name in `EMBEDDER` -> folder beside this file. */
export const embedderNames = ['visual', 'openai', 'local', 'server'] as const
export type EmbedderName = (typeof embedderNames)[number]

export const embedderSettings = {
  EMBEDDER: z
    .enum(embedderNames)
    .optional()
    .describe(
      'What turns images into vectors: visual (built in), openai, local (models on this machine), or server (an embedding server); openai when OPENAI_API_KEY is set, else visual',
    ),
  ...openAiSettings,
  ...localSettings,
  ...embeddingServerSettings,
  ...proxySettings,
  NAMES_BY_MODEL: z
    .stringbool()
    .default(true)
    .describe(
      'With EMBEDDER=local or server, and a model that knows words: describe pictures by the nearest of 3,300 names, which it embeds once; false: by the built-in embedder’s 1,000',
    ),
  EMBEDDING_CACHE_MB: z.coerce
    .number()
    .positive()
    .default(256)
    .describe('Room for remembered descriptions and vectors, in megabytes; oldest use goes first'),
}

type Given = z.output<z.ZodObject<typeof embedderSettings>>
export type EmbedderSettings = Given & {
  readonly EMBEDDER: EmbedderName
  /** Models' files lie in it. */
  readonly DATA_DIR: string
}

export function embedderName(settings: Given): EmbedderName {
  return settings.EMBEDDER ?? (settings.OPENAI_API_KEY ? 'openai' : 'visual')
}

/** What the chosen driver lacks; null when nothing is missing. */
export function embedderConflict(settings: Given): string | null {
  const name = embedderName(settings)
  if (name === 'visual') return null
  if (name === 'local') return localConflict(settings) ?? proxyConflict(settings)
  if (name === 'server') return embeddingServerConflict(settings) ?? proxyConflict(settings)
  if (hasProvider(settings)) return proxyConflict(settings)
  return 'EMBEDDER=openai needs OPENAI_API_KEY, or OPENAI_BASE_URL for a compatible server that asks for no key.'
}
