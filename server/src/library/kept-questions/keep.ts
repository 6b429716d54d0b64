import { encodeThumbnail } from '../../images/encode.ts'
import type { NormalisedImage } from '../../images/image.ts'
import { perceptualHash } from '../../images/perceptual-hash.ts'
import type { FileFacts } from '../../records/record.ts'
import type { LibraryDeps } from '../deps.ts'
import type { QuestionOutcome } from '../questions/ask.ts'
import type { EmbeddedPart } from '../questions/embed-parts.ts'
import type { WeightedImage } from '../questions/judgements.ts'
import type { Part } from '../questions/question.ts'
import { lengthOfSum } from '../questions/sum.ts'
import type { Run } from '../stages.ts'
import type { KeptPart } from './kept-question.ts'

/** What is kept of parts. */
export interface Kept {
  readonly parts: KeptPart[]
  readonly vectors: Float32Array[]
  /** WebP of at most 384 pixels, by the place of their part. */
  readonly thumbnails: Map<number, Uint8Array>
}

/**
 * What is left of a question once its files are gone: vectors, and of each picture that was sent a small one, so that people see
 * what they asked with. An image of the library has its own.
 *
 * @param parts as they were asked, whose files are still there
 * @param outcome the same with their vectors, and images that were judged: in what is kept these are parts as well
 */
export async function keepParts(
  deps: LibraryDeps,
  parts: readonly Part[],
  { parts: embedded, judged }: Pick<QuestionOutcome, 'parts' | 'judged'>,
  { signal }: Run,
): Promise<Kept> {
  const thumbnails = new Map<number, Uint8Array>()
  const files = new Map<number, FileFacts>()
  for (const [at, part] of parts.entries()) {
    signal.throwIfAborted()
    const image = await pictureOf(deps, part, embedded[at]!, signal)
    if (!image) continue
    thumbnails.set(at, await encodeThumbnail(image))
    const { file } = embedded[at]!
    // By it copies are known in other bytes; of a region it would be that of the region.
    if (file && !part.region) files.set(at, { ...file, phash: await perceptualHash(image) })
  }
  // The sum is of length 1 before what was judged is added to it.
  const length = judged.length === 0 ? 1 : lengthOfSum(embedded)
  const asked = parts.map(({ query, region }, at): KeptPart => {
    const { id, weight, description, filename } = embedded[at]!
    return {
      id,
      text: 'text' in query ? query.text : null,
      weight: weight / length,
      description,
      filename,
      file: files.get(at) ?? embedded[at]!.file,
      region: region ?? null,
      hasThumbnail: thumbnails.has(at),
    }
  })
  return {
    parts: [...asked, ...judged.map(judgedPart)],
    vectors: [...embedded, ...judged].map(({ vector }) => vector),
    thumbnails,
  }
}

function judgedPart({ id, weight }: WeightedImage): KeptPart {
  const nothing = { text: null, filename: null, file: null, region: null, hasThumbnail: false }
  return { id, weight, description: '', ...nothing }
}

/** The pixels of a part that the library has not; null for words and for an image of the library. */
async function pictureOf(
  deps: LibraryDeps,
  { query }: Part,
  { image }: EmbeddedPart,
  signal: AbortSignal,
): Promise<NormalisedImage | null> {
  if (image) return image
  // Its vector was known, so nobody looked at it yet.
  return 'upload' in query ? deps.decode(query.upload.source, { signal }) : null
}
