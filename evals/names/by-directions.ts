import openVisualEmbedder from '../../server/src/embedders/visual/index.ts'
import { loadModel, vectorLength } from '../../server/src/embedders/visual/model/learned.ts'
import type { Embedder } from '../../server/src/embedders/embedder.ts'
import { NamesByVectors } from '../../server/src/names/by-vectors.ts'
import { meaninglessPicture, meaninglessPictures } from '../../server/src/names/meaningless.ts'
import { networkVocabulary, withKindsAsClasses } from '../../server/src/names/vocabulary.ts'
import { unitVector } from '../../server/src/records/vectors.ts'

/**
 * The built-in embedder, described as an image-text model is: by the vectors of names, for which its classes' directions stand.
 * There is no other such model within everyone's reach.
 */
export async function visualByDirections(): Promise<Embedder> {
  const visual = openVisualEmbedder()
  const { signal } = new AbortController()
  const vocabulary = withKindsAsClasses(networkVocabulary())
  const meaningless: Float32Array[] = []
  for (let number = 0; number < meaninglessPictures; number++) {
    meaningless.push((await visual.embedImage(meaninglessPicture(number), { signal })).vector)
  }
  const vectors = networkVocabulary().map(({ classes }) => directionOf(classes))
  const names = await NamesByVectors.learn(vocabulary, vectors, meaningless, async () => {})
  return {
    ...visual,
    vocabulary: () => vocabulary,
    async embedImage(image, context) {
      const embedded = await visual.embedImage(image, context)
      const { sentence, tags } = names.recognise(embedded.vector)
      return { ...embedded, description: sentence, tags }
    },
  }
}

const { classVectors } = loadModel()

function directionOf(classes: readonly number[]): Float32Array {
  const sum = new Float32Array(vectorLength)
  for (const index of classes) {
    const row = classVectors.subarray(index * vectorLength, (index + 1) * vectorLength)
    unitVector(Float32Array.from(row)).forEach((value, at) => (sum[at]! += value))
  }
  return unitVector(sum)
}
