import type { Embedder } from '../../server/src/embedders/embedder.ts'
import { embedFiles } from '../embed-files.ts'
import { cosine } from '../retrieval.ts'
import type { Doubles } from './doubles.ts'
import { transform, transformationNames } from './transformations.ts'

export interface TransformationResult {
  readonly name: string
  /** Share of changed pictures whose original comes first in the whole gallery. */
  readonly recall: number
  /** Median score of a changed picture and its original. */
  readonly medianScore: number
}

/**
 * Changes pictures in seven ways and looks each up in the gallery they came from.
 *
 * @param queries indices into `gallery` of the pictures to change
 * @param paths files behind at least the first pictures of the gallery, in the same order
 * @param gallery unit vectors: the originals, and any number of others to be told apart from
 * @param doubles of the gallery, which may come before the original that they are the same picture as
 */
export async function findOriginals(
  queries: readonly number[],
  paths: readonly string[],
  gallery: readonly Float32Array[],
  embedder: Embedder,
  doubles: Doubles = new Map(),
): Promise<TransformationResult[]> {
  const results: TransformationResult[] = []
  for (const name of transformationNames) {
    const files = queries.map((index) => paths[index]!)
    const { vectors } = await embedFiles(files, embedder, (image) => transform(name, image))
    const scores = vectors.map((vector, at) => cosine(vector, gallery[queries[at]!]!))
    const found = vectors.filter((vector, at) =>
      gallery.every(
        (other, index) =>
          index === queries[at] ||
          doubles.get(queries[at]!)?.has(index) ||
          cosine(vector, other) < scores[at]!,
      ),
    )
    const sorted = scores.toSorted((one, other) => one - other)
    results.push({
      name,
      recall: found.length / queries.length,
      medianScore: sorted[Math.floor(sorted.length / 2)]!,
    })
  }
  return results
}
