import type { Embedder } from '../server/src/embedders/embedder.ts'
import { decodeImage } from '../server/src/images/decode.ts'
import type { NormalisedImage } from '../server/src/images/image.ts'

export interface EmbeddedFiles {
  /** One a file, in order. */
  readonly vectors: Float32Array[]
  readonly descriptions: string[]
  /** Wall-clock milliseconds a picture, decoding excluded. */
  readonly msPerImage: number
}

const maxMegapixels = 200
const batchSize = 32

/**
 * Decodes and embeds files batch by batch, so that memory does not grow with their number.
 *
 * @param change applied to each decoded picture before it is embedded
 */
export async function embedFiles(
  paths: readonly string[],
  embedder: Embedder,
  change?: (image: NormalisedImage) => Promise<NormalisedImage>,
): Promise<EmbeddedFiles> {
  const { signal } = new AbortController()
  const vectors: Float32Array[] = []
  const descriptions: string[] = []
  let spent = 0
  for (let start = 0; start < paths.length; start += batchSize) {
    const batch = paths.slice(start, start + batchSize)
    const images = await Promise.all(
      batch.map(async (path) => {
        const image = await decodeImage(path, maxMegapixels)
        return change ? change(image) : image
      }),
    )
    const began = performance.now()
    const results = await Promise.all(images.map((image) => embedder.embedImage(image, { signal })))
    spent += performance.now() - began
    for (const { vector, description } of results) {
      vectors.push(vector)
      descriptions.push(description)
    }
  }
  return { vectors, descriptions, msPerImage: spent / Math.max(1, paths.length) }
}
