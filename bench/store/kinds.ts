import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { embedFiles } from '../../evals/embed-files.ts'
import { listPictures } from '../../evals/labelled-folder.ts'
import { normalNumbers, randomNumbers } from '../../evals/random.ts'
import openVisualEmbedder from '../../server/src/embedders/visual/index.ts'
import { unitVector } from '../../server/src/records/vectors.ts'
import { clusteredVectors } from '../clustered-vectors.ts'

/** Where vectors come from: how long they are, and who draws those of a library of `size`. */
export interface Kind {
  readonly dimensions: number
  /** @param seed chooses which; 1 is the library, 2 are its queries */
  draw(size: number, seed: number, folder: string): () => Float32Array
}

const photographLength = 224
const photographs = 'photographs'
/** Of the difference between two photographs: so far is a vector drawn from the one it belongs to. */
const jitter = 0.25
const hardDimensions = 64

export const kinds = {
  /** Clusters of uneven sizes, most of the variance in few directions: as embedding models make them, and easy. */
  clustered: {
    dimensions: 1536,
    draw: (size, seed) => clusteredVectors(1536, size, seed),
  },
  /** Photographs as the built-in embedder sees them, each many times, moved along differences between others. */
  photos: {
    dimensions: photographLength,
    draw(_, seed, folder) {
      const vectors = readVectors(join(folder, photographs))
      const random = randomNumbers(seed)
      const any = () => vectors[Math.floor(random() * vectors.length)]!
      return () => {
        const [own, from, to] = [any(), any(), any()]
        return unitVector(own.map((value, at) => value + jitter * (to[at]! - from[at]!)))
      }
    },
  },
  /** Evenly over the sphere: the nearest are hardly nearer than others, and nothing leads a graph to them. */
  hard: {
    dimensions: hardDimensions,
    draw(_, seed) {
      const normal = normalNumbers(seed)
      return () => unitVector(Float32Array.from({ length: hardDimensions }, () => normal()))
    },
  },
} satisfies Record<string, Kind>

export type KindName = keyof typeof kinds

/** Embeds every picture in the folders, once; the vectors are kept in `dataFolder`. */
export async function embedPhotographs(folders: string[], dataFolder: string): Promise<void> {
  const path = join(dataFolder, photographs)
  if (existsSync(path)) return
  const files = (await Promise.all(folders.map(listPictures))).flat()
  if (files.length === 0) throw new Error('--data photos needs --pictures <folder>[,<folder>].')
  const { vectors } = await embedFiles(files, openVisualEmbedder())
  const all = new Float32Array(vectors.length * photographLength)
  vectors.forEach((vector, at) => all.set(vector, at * photographLength))
  writeFileSync(path, all)
}

function readVectors(path: string): Float32Array[] {
  const { buffer, byteOffset, byteLength } = readFileSync(path)
  const bytes = 4 * photographLength
  return Array.from(
    { length: byteLength / bytes },
    (_, at) =>
      new Float32Array(buffer.slice(byteOffset + at * bytes, byteOffset + (at + 1) * bytes)),
  )
}
