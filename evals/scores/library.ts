import type { Embedder } from '../../server/src/embedders/embedder.ts'
import { decodeImage } from '../../server/src/images/decode.ts'
import { perceptualHash } from '../../server/src/images/perceptual-hash.ts'
import { isNear } from '../../server/src/records/perceptual.ts'
import {
  backgroundOf,
  neighboured,
  type Sample,
  sampleSize,
  usualNearestOf,
} from '../../server/src/library/calibration/sample.ts'
import { randomNumbers } from '../random.ts'
import { cosine } from '../retrieval.ts'
import type { LabelledPicture } from '../labelled-folder.ts'

const maxMegapixels = 200

interface Seen {
  readonly label: string
  readonly phash: string
  readonly vector: Float32Array
}

/** One picture found by another. */
export interface Found {
  readonly index: number
  readonly score: number
  readonly isRight: boolean
  /** Whether it is the query's picture again. */
  readonly isCopy: boolean
}

/** A library as the server would have it, and every picture of it asked about. */
export interface JudgedLibrary {
  readonly name: string
  readonly embedder: string
  readonly pictures: readonly Seen[]
  readonly sample: Sample
  /** For each picture all others, best first. */
  readonly rankings: readonly (readonly Found[])[]
  /** For each picture how many are of its class. */
  readonly relevant: readonly number[]
}

export async function see(
  pictures: readonly LabelledPicture[],
  embedder: Embedder,
): Promise<Seen[]> {
  const { signal } = new AbortController()
  const seen: Seen[] = []
  for (const { path, label } of pictures) {
    const image = await decodeImage(path, maxMegapixels)
    const { vector } = await embedder.embedImage(image, { signal })
    seen.push({ label, phash: await perceptualHash(image), vector })
  }
  return seen
}

export function judgeLibrary(name: string, embedder: Embedder, pictures: Seen[]): JudgedLibrary {
  const rankings = pictures.map((query, at) =>
    pictures
      .map((picture, index) => ({
        index,
        score: cosine(query.vector, picture.vector),
        isRight: picture.label === query.label,
        isCopy: isNear(picture.phash, query.phash),
      }))
      .filter(({ index }) => index !== at)
      .sort((one, other) => other.score - one.score || one.index - other.index),
  )
  const drawn = drawSample(pictures, embedder.dimensions)
  const nearest = drawn.slice(0, neighboured).flatMap((index) => {
    const other = rankings[index]!.find(({ isCopy }) => !isCopy)
    return other ? [other.score] : []
  })
  const sample = {
    vectors: drawn.map((index) => pictures[index]!.vector),
    pictures: pictures.length,
    usualNearest: usualNearestOf(nearest),
  }
  const relevant = rankings.map((ranking) => ranking.filter(({ isRight }) => isRight).length)
  return { name, embedder: embedder.id, pictures, sample, rankings, relevant }
}

/** Indices of the pictures in the sample. */
function drawSample(pictures: Seen[], dimensions: number): number[] {
  const random = randomNumbers(7)
  const shuffled = pictures.map((_, index) => ({ index, at: random() }))
  shuffled.sort((one, other) => one.at - other.at)
  return shuffled.slice(0, sampleSize(dimensions)).map(({ index }) => index)
}

export function backgroundAt({ pictures, sample }: JudgedLibrary, index: number) {
  return backgroundOf(sample, pictures[index]!.vector)!
}
