import { LookalikeError } from '../errors.ts'
import type { Library } from '../stores/image-store.ts'
import type { Embedder } from './embedder.ts'

/**
 * Stands for the embedder that made a library and cannot be had any more: the library is its own still,
 * and all that needs no new vector goes on. Whatever needs one is an `embedder_mismatch`.
 */
export function unavailableEmbedder(library: Library, wanted: string): Embedder {
  const refuse = async () => {
    throw new LookalikeError(
      'embedder_mismatch',
      `This library was made by the embedder ${library.embedderId}, which these settings cannot run; they name ${wanted}. ` +
        'Run `lookalike reindex` to make it over, or set EMBEDDER and its settings as they were.',
    )
  }
  return {
    id: library.embedderId,
    dimensions: library.dimensions,
    // Texts are refused like pictures, with the reason, rather than as a thing it could never do.
    capabilities: { text: true, describes: 'semantic' },
    concurrency: 1,
    embedImage: refuse,
    embedText: refuse,
    keepsDescriptionsOf: () => false,
  }
}
