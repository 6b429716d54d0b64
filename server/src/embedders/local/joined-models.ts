import { LookalikeError } from '../../errors.ts'
import type { NormalisedImage } from '../../images/image.ts'
import { unitVector } from '../../records/vectors.ts'
import type { LearnedModel } from '../../state/learned-models.ts'
import {
  assertPicturesDiffer,
  assertWordsFit,
  selfTestPictures,
  selfTestWords,
} from '../self-test.ts'
import type { LocalModel } from './files/provide.ts'
import { joined, scalesOf } from './joined.ts'
import { pixelsFor, type Preprocessing } from './preprocessing.ts'
import type { Session } from './session.ts'

const whatToDo = 'Choose another LOCAL_MODEL, or another LOCAL_PRECISION of it.'

export interface JoinedModels {
  pictures(images: readonly NormalisedImage[]): Promise<Float32Array[]>
  texts(texts: readonly string[]): Promise<Float32Array[]>
}

/** Vectors of one model, or of two joined into one. */
export function joinedModels(
  session: Session,
  models: readonly LocalModel[],
  plans: readonly Preprocessing[],
  share: number,
): JoinedModels {
  const scales = scalesOf(models.length, share)
  /** Lengths of the models' vectors, once there are any: those that know no words have zeros in their place. */
  let lengths: number[] = []
  return {
    async pictures(images) {
      const parts: Float32Array[][] = []
      for (const [model, plan] of plans.entries()) {
        const pixels = await Promise.all(images.map((image) => pixelsFor(image, plan)))
        const { factor, offset, size } = plan
        const vectors = await session.ask({ kind: 'pictures', model, ...size, factor, offset, pixels }) // prettier-ignore
        parts.push(vectors.map((vector) => checked(vector, models[model]!)))
      }
      lengths = parts.map(([first]) => first!.length)
      return images.map((_, at) => joined(parts.map((vectors) => vectors[at]!), scales)) // prettier-ignore
    },
    async texts(texts) {
      const parts: (readonly Float32Array[] | null)[] = []
      for (const [model, { family }] of models.entries()) {
        if (!family.knowsWords) {
          parts.push(null)
          continue
        }
        const asked = family.lowerCase ? texts.map((text) => text.toLowerCase()) : texts
        const vectors = await session.ask({ kind: 'texts', model, texts: asked })
        parts.push(vectors.map((vector) => checked(vector, models[model]!)))
      }
      return texts.map(
        (_, at) =>
        joined(parts.map((vectors, model) => vectors?.[at] ?? new Float32Array(lengths[model]!)), scales), // prettier-ignore
      )
    },
  }
}

/** What the models make, and whether words fit pictures in it. */
export async function testModels(
  embed: JoinedModels,
  models: readonly LocalModel[],
  name: string,
): Promise<LearnedModel> {
  const pictures = await embed.pictures(selfTestPictures)
  assertPicturesDiffer(name, pictures)
  const { length: dimensions } = pictures[0]!
  const words = models.some(({ family }) => family.knowsWords)
  if (!words) return { dimensions, words }
  const vectors = await embed.texts(selfTestWords)
  const odd = vectors.find(({ length }) => length !== dimensions)
  if (odd) {
    throw new LookalikeError(
      'provider_rejected',
      `The model ${name} makes vectors of ${dimensions} numbers for pictures and of ${odd.length} for texts. ${whatToDo}`,
    )
  }
  assertWordsFit(name, pictures, vectors, whatToDo)
  return { dimensions, words }
}

/** @throws LookalikeError `provider_rejected` for a vector that no store should get */
function checked(vector: Float32Array, { name }: LocalModel): Float32Array {
  if (vector.every(Number.isFinite) && vector.some((value) => value !== 0))
    return unitVector(vector)
  throw new LookalikeError(
    'provider_rejected',
    `The local model ${name} gave a vector that is not finite, or all zeros. ${whatToDo}`,
  )
}
