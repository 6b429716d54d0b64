import type { Embedder } from '../../server/src/embedders/embedder.ts'
import { unitVector } from '../../server/src/records/vectors.ts'

/** How much of each vector is the same in all: with 1.5, unrelated pictures score 0.7, as texts of one language do. */
const common = 1.5

/** Another embedder's vectors crowded into a corner, as those of models that embed texts are: the order is much the same. */
export function crowdedEmbedder(embedder: Embedder): Embedder {
  const crowded = (vector: Float32Array) =>
    unitVector(vector.map((value) => value + common / Math.sqrt(vector.length)))
  return {
    id: `${embedder.id}+crowded`,
    dimensions: embedder.dimensions,
    capabilities: { ...embedder.capabilities, text: 'none' },
    concurrency: embedder.concurrency,
    keepsDescriptionsOf: () => false,
    async embedImage(image, context) {
      const embedded = await embedder.embedImage(image, context)
      return { ...embedded, vector: crowded(embedded.vector) }
    },
  }
}
