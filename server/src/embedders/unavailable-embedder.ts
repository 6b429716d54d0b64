import { LookalikeError } from '../errors.ts'
import type { Library } from '../stores/image-store.ts'
import type { Embedder } from './embedder.ts'

/**
 * Stands for the embedder that made a library and is not available any more: all that needs no new
 * vector goes on; what needs one is an `embedder_mismatch`.
 */
export function unavailableEmbedder(library: Library, target: string): Embedder {
  const refuse = async () => {
    throw new LookalikeError(
      'embedder_mismatch',
      `This library was made by the embedder ${library.embedderId}, which these settings cannot run; they name ${target}. ` +
        'Run `lookalike reindex` to re-embed it, or set EMBEDDER and its settings as they were.',
    )
  }
  return {
    id: library.embedderId,
    dimensions: library.dimensions,
    // Texts are refused like pictures, with the reason, rather than as a thing it could never do.
    capabilities: { text: 'any', describes: 'semantic', embeds: 'pictures' },
    concurrency: 1,
    embedImage: refuse,
    embedText: refuse,
    keepsDescriptionsOf: () => false,
  }
}
