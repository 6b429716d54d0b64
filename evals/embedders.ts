import type { Embedder } from '../server/src/embedders/embedder.ts'
import { hog, hogLength } from '../server/src/embedders/visual/features/hog.ts'
import openVisualEmbedder from '../server/src/embedders/visual/index.ts'
import { hsvHistogram, hsvHistogramLength } from './baselines/hsv-histogram.ts'
import { plainEmbedder } from './baselines/plain-embedder.ts'

const openers: Record<string, () => Promise<Embedder>> = {
  visual: async () => openVisualEmbedder(),
  'hsv-histogram': async () => plainEmbedder('hsv-histogram', hsvHistogramLength, hsvHistogram),
  hog: async () => plainEmbedder('hog', hogLength, hog),
}

export const embedderNames = Object.keys(openers)

/** @throws Error naming the valid ones when `name` is none of them */
export async function openByName(name: string): Promise<Embedder> {
  const open = openers[name]
  if (!open)
    throw new Error(`No embedder is called ${name}. There are: ${embedderNames.join(', ')}.`)
  return open()
}
