import { LookalikeError } from '../errors.ts'
import { ConfigError } from '../setting-types.ts'
import type { State } from '../state/state.ts'
import type { Library } from '../stores/image-store.ts'
import type { Embedder } from './embedder.ts'
import { previousModels } from './openai/previous-models.ts'
import { hasProvider, openAiOptions } from './openai/settings.ts'
import { localOptions, previousLocalModels } from './local/settings.ts'
import { embeddingServerOptions, previousServerModel } from './server/settings.ts'
import type { EmbedderName, EmbedderSettings } from './settings.ts'
import { unavailableEmbedder } from './unavailable-embedder.ts'

/** The built-in embedder's former version, which libraries that it made are searched with until they are re-embedded. */
const secondVisualId = 'visual:2@512'

type Open = (settings: EmbedderSettings, state: State) => Promise<Embedder>

const openVisual = async () => (await import('./visual/index.ts')).default()

/** What says what pictures show, for models that only compare them; the library's own and the next share it. */
let describer: Promise<Embedder> | undefined
const openDescriber = () => (describer ??= openVisual())

/** A driver is loaded when it is chosen. */
const drivers: Record<EmbedderName, Open> = {
  visual: openVisual,
  openai: async (settings, state) =>
    (await import('./openai/index.ts')).default(openAiOptions(settings, state)),
  local: async (settings, state) =>
    (await import('./local/index.ts')).default(
      localOptions(settings, state),
      await openDescriber(),
    ),
  server: async (settings, state) =>
    (await import('./server/index.ts')).default(
      embeddingServerOptions(settings, state),
      await openDescriber(),
    ),
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
  const local = previousLocalModels(id)
  if (local) return { EMBEDDER: 'local', ...local }
  const served = previousServerModel(id)
  if (served) return canServe(served, settings) ? { EMBEDDER: 'server', ...served } : null
  const models = hasProvider(settings) ? previousModels(id, settings) : null
  return models && { EMBEDDER: 'openai', ...models }
}

/** A server has one version of a model under its name: it cannot be asked for a former one. */
function canServe(
  before: Pick<EmbedderSettings, 'EMBEDDING_MODEL' | 'EMBEDDING_REVISION'>,
  now: EmbedderSettings,
): boolean {
  const isOtherVersion =
    before.EMBEDDING_MODEL === now.EMBEDDING_MODEL &&
    before.EMBEDDING_REVISION !== now.EMBEDDING_REVISION
  return now.EMBEDDING_SERVER_URL !== undefined && !isOtherVersion
}

async function tryToOpen(settings: EmbedderSettings, state: State): Promise<Embedder | null> {
  try {
    return await openEmbedder(settings, state)
  } catch (error) {
    // A budget, for example, that cannot know what the previous model costs; or a library that was taken away.
    if (error instanceof LookalikeError || error instanceof ConfigError) return null
    throw error
  }
}
