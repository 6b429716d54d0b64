import { noUsage, type Embedder } from '../../server/src/embedders/embedder.ts'
import {
  rasterEdge,
  toRaster,
  type Raster,
} from '../../server/src/embedders/visual/features/raster.ts'
import { toUnit } from '../../server/src/embedders/visual/visual-2/normalise.ts'
import { resizePixels } from '../../server/src/images/encode.ts'

/** One descriptor brought to unit length as an embedder, to compare others with. */
export function plainEmbedder(
  id: string,
  dimensions: number,
  describe: (raster: Raster) => Float32Array,
): Embedder {
  return {
    id,
    dimensions,
    capabilities: { text: 'none', describes: 'visual', embeds: 'pictures' },
    concurrency: 1,
    keepsDescriptionsOf: () => false,
    async embedImage(image) {
      const raster = toRaster(await resizePixels(image, rasterEdge, rasterEdge))
      return { vector: toUnit(describe(raster)), description: '', usage: noUsage }
    },
  }
}
