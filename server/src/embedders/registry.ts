import type { Config } from '../config.ts'
import type { Embedder } from './embedder.ts'

/** Name in `EMBEDDER` -> folder beside this file. A driver is loaded when it is chosen. */
export const embedderNames = ['visual', 'openai'] as const
export type EmbedderName = (typeof embedderNames)[number]

type OpenEmbedder = (config: Config) => Promise<Embedder>

const drivers: Record<EmbedderName, OpenEmbedder> = {
  visual: async () => (await import('./visual/index.ts')).default(),
  openai: async (config) =>
    (await import('./openai/index.ts')).default({
      apiKey: config.OPENAI_API_KEY,
      baseUrl: config.OPENAI_BASE_URL,
      visionModel: config.OPENAI_VISION_MODEL,
      embeddingModel: config.OPENAI_EMBEDDING_MODEL,
      dimensions: config.OPENAI_EMBEDDING_DIMENSIONS,
      timeoutMs: config.OPENAI_TIMEOUT_MS,
    }),
}

export function openEmbedder(config: Config): Promise<Embedder> {
  return drivers[config.EMBEDDER](config)
}
