import { LookalikeError } from '../../errors.ts'
import type { LearnedModel } from '../../state/learned-models.ts'
import {
  assertPicturesDiffer,
  assertWordsFit,
  selfTestPictures,
  selfTestWords,
} from '../self-test.ts'
import type { Calls } from './calls.ts'
import type { DialectName } from './options.ts'

const whatToDo: Record<DialectName, string> = {
  vllm: 'Update vLLM, whose older versions embed short texts wrongly for some models; for SigLIP start it with a chat template that adds nothing.',
  infinity: 'Update Infinity, or serve another model.',
  llamacpp:
    'Start llama-server with the projector that belongs to the model (--mmproj) and its pooling (--pooling last).',
}

/**
 * What the model is, by asking it: how long its vectors are, and whether it knows words. One that does must put drawings
 * beside their words.
 *
 * @throws LookalikeError where it cannot be asked or fails
 */
export async function probe(
  calls: Calls,
  { model, dialect }: { readonly model: string; readonly dialect: DialectName },
  signal: AbortSignal,
): Promise<LearnedModel & { readonly wordsRefused: string }> {
  const pictures = await Promise.all(
    selfTestPictures.map(async (drawing) => (await calls.picture(drawing, signal)).vector),
  )
  assertPicturesDiffer(model, pictures)
  const { length: dimensions } = pictures[0]!
  const words = await wordVectors(calls, signal)
  if ('refused' in words) return { dimensions, words: false, wordsRefused: words.refused }
  const odd = words.vectors.find(({ length }) => length !== dimensions)
  if (odd) {
    throw new LookalikeError(
      'provider_rejected',
      `The model ${model} makes vectors of ${dimensions} numbers for pictures and of ${odd.length} for texts, which cannot be ` +
        'compared. Serve a model that embeds both into one space.',
    )
  }
  assertWordsFit(model, pictures, words.vectors, whatToDo[dialect])
  return { dimensions, words: true, wordsRefused: '' }
}

/** A model that refuses texts, having taken pictures, knows pictures alone. */
async function wordVectors(
  calls: Calls,
  signal: AbortSignal,
): Promise<{ vectors: Float32Array[] } | { refused: string }> {
  try {
    const embedded = await Promise.all(selfTestWords.map((text) => calls.text(text, signal)))
    return { vectors: embedded.map(({ vector }) => vector) }
  } catch (error) {
    if (error instanceof LookalikeError && error.code === 'provider_rejected') {
      return { refused: error.message }
    }
    throw error
  }
}
