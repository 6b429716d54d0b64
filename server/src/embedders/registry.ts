import type { Config } from '../config.ts'
import { LookalikeError } from '../errors.ts'
import type { State } from '../state/state.ts'
import type { Library } from '../stores/image-store.ts'
import type { Embedder } from './embedder.ts'
import { formerModels } from './openai/former.ts'
import { unavailableEmbedder } from './unavailable-embedder.ts'

/** Name in `EMBEDDER` -> folder beside this file. A driver is loaded when it is chosen. */
export const embedderNames = ['visual', 'openai'] as const
export type EmbedderName = (typeof embedderNames)[number]

/** Where no server of one's own is named; asks for a key. */
export const openAiUrl = 'https://api.openai.com/v1'

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

/**
 * The embedder that made a library, which is no longer the one of the settings: opened with the same
 * key and address where that is possible, else one that says so whenever it is needed.
 */
export async function openFormerEmbedder(
  config: Config,
  state: State,
  library: Library,
  wanted: string,
): Promise<Embedder> {
  const settings = formerSettings(library.embedderId, config)
  const embedder = settings && (await tryToOpen({ ...config, ...settings }, state))
  return embedder?.id === library.embedderId ? embedder : unavailableEmbedder(library, wanted)
}

function formerSettings(id: string, config: Config): Partial<Config> | null {
  if (id.startsWith('visual:')) return { EMBEDDER: 'visual' }
  const hasProvider = config.OPENAI_API_KEY || config.OPENAI_BASE_URL !== openAiUrl
  const models = hasProvider ? formerModels(id, config) : null
  return models && { EMBEDDER: 'openai', ...models }
}

async function tryToOpen(config: Config, state: State): Promise<Embedder | null> {
  try {
    return await openEmbedder(config, state)
  } catch (error) {
    // A budget, for example, that cannot know what the former model costs.
    if (error instanceof LookalikeError) return null
    throw error
  }
}
