import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { embedFiles } from '../../evals/embed-files.ts'
import { principalSubspace } from '../../evals/training/principal-subspace.ts'
import openVisualEmbedder from '../../server/src/embedders/visual/index.ts'
import { layOut, type Matrix, placeBetween } from '../../server/src/library/map/projection.ts'
import { randomNumbers } from '../../evals/random.ts'

/** Of the embedder's neighbours, how many are to be near in the map. */
const k = 15
const landmarkCount = 2_000
const judged = 2_000

/**
 * `npm run bench -- map [--photos folder] [--images 2000]`: how many of a picture's nearest neighbours are still
 * among its nearest in the map, and in the first two principal components; and what laying out takes. With `--images`
 * beyond the photographs, jittered copies of their vectors make up the rest.
 */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { photos: { type: 'string' }, images: { type: 'string', default: '2000' } },
  })
  if (!values.photos) throw new Error('Name a folder of pictures: --photos folder')
  const files = readdirSync(values.photos, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(jpe?g|png|webp)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .slice(0, Number(values.images))
  const { vectors } = await embedFiles(files, openVisualEmbedder())
  const all = grown(vectors, Number(values.images))
  const landmarks = all.slice(0, landmarkCount)
  const began = performance.now()
  const places = layOut(matrix(landmarks))
  const laidOut = performance.now()
  const map = pairs(placeBetween({ ...matrix(landmarks), places }, matrix(all)))
  const placed = performance.now()
  const { mean, axes } = principalSubspace(
    { values: matrix(all).values, length: all[0]!.length },
    2,
  )
  const components = all.map((vector) =>
    axes.map((axis) => axis.reduce((sum, part, at) => sum + part * (vector[at]! - mean[at]!), 0)),
  )
  const some = all.slice(-judged).map((_, at) => all.length - Math.min(judged, all.length) + at)
  const of = (points: number[][]) => kept(all, points, some).toFixed(3)
  console.log(
    `${all.length} pictures (${vectors.length} photographs) on ${cpus().length} cores of ${cpus()[0]!.model.trim()}: ` +
      `landmarks ${((laidOut - began) / 1000).toFixed(1)} s, all placed ${((placed - laidOut) / 1000).toFixed(1)} s. ` +
      `Of the ${k} nearest of ${some.length} pictures among each other are still there: ${of(map)} in the map, ${of(components)} in two principal components.`,
  )
  process.exit()
}

function grown(vectors: Float32Array[], count: number): Float32Array[] {
  const random = randomNumbers(5)
  return Array.from({ length: count }, (_, at) => {
    const vector = vectors[at % vectors.length]!
    if (at < vectors.length) return vector
    const other = vectors[Math.floor(random() * vectors.length)]!
    const share = 0.35 * random()
    const mixed = vector.map((value, index) => (1 - share) * value + share * other[index]! + (random() - 0.5) * 0.02) // prettier-ignore
    const length = Math.hypot(...mixed)
    return mixed.map((value) => value / length)
  })
}

function matrix(vectors: Float32Array[]): Matrix {
  const dimensions = vectors[0]!.length
  const values = new Float32Array(vectors.length * dimensions)
  vectors.forEach((vector, at) => values.set(vector, at * dimensions))
  return { values, dimensions }
}

function pairs(flat: Float32Array): number[][] {
  return Array.from({ length: flat.length / 2 }, (_, at) => [flat[at * 2]!, flat[at * 2 + 1]!])
}

/** The share of each picture's neighbours that the points keep, among the pictures that are judged. */
function kept(vectors: Float32Array[], points: number[][], some: number[]): number {
  const nearestBy = (distance: (other: number) => number, self: number) =>
    some
      .filter((other) => other !== self)
      .map((other) => ({ other, far: distance(other) }))
      .sort((a, b) => a.far - b.far)
      .slice(0, k)
      .map(({ other }) => other)
  let found = 0
  const asked = some.slice(0, 500)
  for (const self of asked) {
    const truth = new Set(
      nearestBy(
        (other) => -vectors[other]!.reduce((sum, part, at) => sum + part * vectors[self]![at]!, 0),
        self,
      ),
    )
    const near = nearestBy(
      (other) =>
        points[other]!.reduce((sum, part, at) => sum + (part - points[self]![at]!) ** 2, 0),
      self,
    )
    found += near.filter((other) => truth.has(other)).length
  }
  return found / (asked.length * k)
}
