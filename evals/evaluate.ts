import type { Embedder } from '../server/src/embedders/embedder.ts'
import { embedFiles } from './embed-files.ts'
import type { LabelledPicture } from './labelled-folder.ts'
import type { Doubles } from './near-duplicates/doubles.ts'
import { findOriginals } from './near-duplicates/find-originals.ts'
import type { Evaluation } from './report/evaluation.ts'
import { pairScores, retrieve } from './retrieval.ts'

export interface EvaluationOptions {
  /** How many of the pictures, evenly chosen, are changed and looked up again. */
  readonly copies: number
  /** Files that stand in the gallery of that look-up beside the pictures. */
  readonly distractors: readonly string[]
  /** The same pictures, by index into the pictures and the distractors after them. */
  readonly doubles: Doubles
}

/** Measures one embedder on labelled pictures. */
export async function evaluate(
  pictures: readonly LabelledPicture[],
  embedder: Embedder,
  { copies, distractors, doubles }: EvaluationOptions,
): Promise<Evaluation> {
  const paths = pictures.map(({ path }) => path)
  const { vectors, msPerImage } = await embedFiles(paths, embedder)
  const labels = pictures.map(({ label }) => label)
  const changed = evenly(pictures.length, copies)
  const others = changed.length > 0 ? await embedFiles(distractors, embedder) : { vectors: [] }
  return {
    embedder: embedder.id,
    dimensions: embedder.dimensions,
    msPerImage,
    queries: retrieve(vectors, labels),
    pairs: pairScores(vectors),
    nearDuplicates:
      changed.length > 0
        ? await findOriginals(changed, paths, [...vectors, ...others.vectors], embedder, doubles)
        : [],
  }
}

/** `wanted` of the indices below `count`, as far apart as possible. */
function evenly(count: number, wanted: number): number[] {
  const taken = Math.min(count, wanted)
  return Array.from({ length: taken }, (_, index) => Math.floor((index * count) / taken))
}
