import type { LibraryDeps } from '../deps.ts'

/**
 * Vectors of two embedders mean nothing to each other: when the library was exchanged for one of another embedder
 * meanwhile, the work starts again.
 */
export async function withOneEmbedder<T>(deps: LibraryDeps, work: () => Promise<T>): Promise<T> {
  for (;;) {
    const { embedder } = deps
    try {
      const outcome = await work()
      if (deps.embedder === embedder) return outcome
    } catch (error) {
      if (deps.embedder === embedder) throw error
    }
  }
}
