import { composeEmbedder } from '../server/src/compose.ts'
import { loadConfig } from '../server/src/config.ts'
import type { Embedder } from '../server/src/embedders/embedder.ts'
import {
  embedderNames as serverNames,
  type EmbedderName,
} from '../server/src/embedders/settings.ts'
import { hog, hogLength } from '../server/src/embedders/visual/visual-2/features/hog.ts'
import openVisualEmbedder from '../server/src/embedders/visual/index.ts'
import openVisual2Embedder from '../server/src/embedders/visual/visual-2/index.ts'
import { hsvHistogram, hsvHistogramLength } from './baselines/hsv-histogram.ts'
import { crowdedEmbedder } from './baselines/crowded-embedder.ts'
import { plainEmbedder } from './baselines/plain-embedder.ts'

const baselines: Record<string, () => Embedder> = {
  'visual-crowded': () => crowdedEmbedder(openVisualEmbedder()),
  'visual-2': openVisual2Embedder,
  'hsv-histogram': () => plainEmbedder('hsv-histogram', hsvHistogramLength, hsvHistogram),
  hog: () => plainEmbedder('hog', hogLength, hog),
}

/** The setting that names an embedder's model. */
export const modelSettings: Partial<Record<EmbedderName, string>> = {
  local: 'LOCAL_MODEL',
  server: 'EMBEDDING_MODEL',
  openai: 'OPENAI_EMBEDDING_MODEL',
}

export const embedderNames = [...serverNames, ...Object.keys(baselines)]

/**
 * An embedder of the server, with the server's own settings, or one to compare it with.
 *
 * @param model in place of the one that the settings name
 * @throws Error naming the valid ones when `name` is none of them, or the setting that is missing
 */
export async function openByName(name: string, model?: string): Promise<Embedder> {
  const known = serverNames.find((served) => served === name)
  if (known) {
    const setting = modelSettings[known]
    const named = model !== undefined && setting ? { [setting]: model } : {}
    const config = loadConfig({ ...process.env, EMBEDDER: known, ...named })
    return (await composeEmbedder(config)).embedder
  }
  const open = baselines[name]
  if (!open)
    throw new Error(`No embedder is called ${name}. There are: ${embedderNames.join(', ')}.`)
  return open()
}
