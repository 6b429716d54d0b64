import { readFileSync } from 'node:fs'
import { resizePixels } from '../../images/encode.ts'
import type { NormalisedImage } from '../../images/image.ts'
import { noUsage, type Embedded, type EmbedContext, type Embedder } from '../embedder.ts'
import { decodeConstants } from './constants-file.ts'
import { describe } from './describe/describe.ts'
import { rasterEdge, toRaster } from './features/raster.ts'
import { firstVersionId, firstVersionLength, firstVersionVector } from './first-version.ts'

const constantsFile = new URL('./visual-1.bin', import.meta.url)

/**
 * The built-in embedder: classical descriptors computed in this process. No key, no network, no model.
 * Likeness means shared colours, layout, edges and texture; the description says what was measured.
 */
export default function openVisualEmbedder(): Embedder {
  const { tensors } = decodeConstants(readFileSync(constantsFile), firstVersionId)
  const mean = tensors['mean'] as Float32Array

  async function embed(image: NormalisedImage): Promise<Embedded> {
    const raster = toRaster(await resizePixels(image, rasterEdge, rasterEdge))
    return {
      vector: firstVersionVector(raster, mean),
      description: describe(image, raster),
      usage: noUsage,
    }
  }

  return {
    id: firstVersionId,
    dimensions: firstVersionLength,
    capabilities: { text: false, describes: 'visual' },
    maxBatch: 32,
    async embedImages(images: NormalisedImage[], { signal, onStage }: EmbedContext) {
      onStage?.('embed')
      const results: Embedded[] = []
      for (const image of images) {
        signal.throwIfAborted()
        results.push(await embed(image))
      }
      return results
    },
  }
}
