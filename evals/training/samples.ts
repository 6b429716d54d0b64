import sharp from 'sharp'
import { decodeImage } from '../../server/src/images/decode.ts'
import { resizePixels } from '../../server/src/images/encode.ts'
import { transform } from '../near-duplicates/transformations.ts'
import { drawingCount, drawn } from './drawn.ts'
import { mirrored, type HeadFeatures } from './network/head-features.ts'
import type { DataMatrix } from './principal-subspace.ts'

/** What a space is learned from: features, a row a picture. */
export interface Samples {
  readonly originals: DataMatrix
  readonly mirrored: DataMatrix
  /** Of every {@link changedEvery}th picture: as drawn in several ways, a matrix a way. */
  readonly drawn: readonly DataMatrix[]
  /** Of the same pictures: at half size, and blurred. */
  readonly copies: readonly DataMatrix[]
}

export const changedEvery = 6
const copying = ['half size', 'blur']

/**
 * @param worth of each feature: what its bytes are multiplied by
 */
export async function gatherSamples(
  files: readonly string[],
  edge: number,
  features: HeadFeatures,
  worth: Float64Array,
): Promise<Samples> {
  sharp.concurrency(1)
  const matrix = (rows: number) => ({
    values: new Float32Array(rows * worth.length),
    length: worth.length,
  })
  const set = (to: DataMatrix, row: number, rgb: Uint8Array) => {
    const values = features.of(rgb).map((value, at) => value * worth[at]!)
    to.values.set(values, row * worth.length)
  }
  const changed = Math.ceil(files.length / changedEvery)
  const samples = {
    originals: matrix(files.length),
    mirrored: matrix(files.length),
    drawn: Array.from({ length: drawingCount }, () => matrix(changed)),
    copies: copying.map(() => matrix(changed)),
  }
  for (const [at, file] of files.entries()) {
    const image = await decodeImage(file, 200)
    const rgb = await resizePixels(image, edge, edge)
    set(samples.originals, at, rgb)
    set(samples.mirrored, at, mirrored(rgb))
    if (at % changedEvery > 0) continue
    const row = at / changedEvery
    for (const [way, drawing] of (await drawn(rgb, row)).entries()) {
      set(samples.drawn[way]!, row, drawing)
    }
    for (const [way, name] of copying.entries()) {
      const copy = await resizePixels(await transform(name, image), edge, edge)
      set(samples.copies[way]!, row, copy)
    }
  }
  return samples
}
