import { LookalikeError } from '../errors.ts'
import type { State } from '../state/state.ts'
import type { Library } from '../stores/image-store.ts'
import type { Embedder } from './embedder.ts'
import { previousModels } from './openai/previous-models.ts'
import { hasProvider, openAiOptions } from './openai/settings.ts'
import type { EmbedderName, EmbedderSettings } from './settings.ts'
import { unavailableEmbedder } from './unavailable-embedder.ts'

/** The built-in embedder's former version, which libraries that it made are searched with until they are re-embedded. */
const secondVisualId = 'visual:2@512'

type Open = (settings: EmbedderSettings, state: State) => Promise<Embedder>

/** A driver is loaded when it is chosen. */
const drivers: Record<EmbedderName, Open> = {
  visual: async () => (await import('./visual/index.ts')).default(),
  openai: async (settings, state) =>
    (await import('./openai/index.ts')).default(openAiOptions(settings, state)),
}

export function openEmbedder(settings: EmbedderSettings, state: State): Promise<Embedder> {
  return drivers[settings.EMBEDDER](settings, state)
}

/** The id of the embedder of the settings, which is not made ready for pictures. */
export async function embedderIdOf(settings: EmbedderSettings, state: State): Promise<string> {
  if (settings.EMBEDDER === 'visual') return (await import('./visual/model/learned.ts')).embedderId
  return (await openEmbedder(settings, state)).id
}

/**
 * The embedder that made a library, which is no longer the one of the settings: opened with the same
 * key and address where that is possible, else one that says so whenever it is needed.
 */
export async function openPreviousEmbedder(
  settings: EmbedderSettings,
  state: State,
  library: Library,
  target: string,
): Promise<Embedder> {
  if (library.embedderId === secondVisualId)
    return (await import('./visual/visual-2/index.ts')).default()
  const previous = previousSettings(library.embedderId, settings)
  const embedder = previous && (await tryToOpen({ ...settings, ...previous }, state))
  return embedder?.id === library.embedderId ? embedder : unavailableEmbedder(library, target)
}

function previousSettings(
  id: string,
  settings: EmbedderSettings,
): Partial<EmbedderSettings> | null {
  if (id.startsWith('visual:')) return { EMBEDDER: 'visual' }
  const models = hasProvider(settings) ? previousModels(id, settings) : null
  return models && { EMBEDDER: 'openai', ...models }
}

async function tryToOpen(settings: EmbedderSettings, state: State): Promise<Embedder | null> {
  try {
    return await openEmbedder(settings, state)
  } catch (error) {
    // A budget, for example, that cannot know what the previous model costs.
    if (error instanceof LookalikeError) return null
    throw error
  }
}
