import type { Config } from '../config.ts'
import type { State } from '../state/state.ts'
import type { Embedder } from './embedder.ts'

/** Name in `EMBEDDER` -> folder beside this file. A driver is loaded when it is chosen. */
export const embedderNames = ['visual', 'openai'] as const
export type EmbedderName = (typeof embedderNames)[number]

type OpenEmbedder = (config: Config, state: State) => Promise<Embedder>

const drivers: Record<EmbedderName, OpenEmbedder> = {
  visual: async () => (await import('./visual/index.ts')).default(),
  openai: async (config, state) =>
    (await import('./openai/index.ts')).default({
      apiKey: config.OPENAI_API_KEY,
      baseUrl: config.OPENAI_BASE_URL,
      vision: {
        model: config.OPENAI_VISION_MODEL,
        timeoutMs: config.OPENAI_VISION_TIMEOUT_MS,
        edge: config.OPENAI_IMAGE_EDGE,
        quality: config.OPENAI_IMAGE_QUALITY,
        detail: config.OPENAI_IMAGE_DETAIL,
      },
      embedding: {
        model: config.OPENAI_EMBEDDING_MODEL,
        dimensions: config.OPENAI_EMBEDDING_DIMENSIONS,
        timeoutMs: config.OPENAI_EMBEDDING_TIMEOUT_MS,
      },
      maxConcurrency: config.OPENAI_MAX_CONCURRENCY,
      prices: config.OPENAI_PRICES,
      state,
    }),
}

export function openEmbedder(config: Config, state: State): Promise<Embedder> {
  return drivers[config.EMBEDDER](config, state)
}
