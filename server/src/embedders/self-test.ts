import { LookalikeError } from '../errors.ts'
import type { NormalisedImage } from '../images/image.ts'
import { dot } from '../records/vectors.ts'

/** Of models that know words: what is drawn must be nearer to its own than to all others. */
export const selfTestWords = [
  'a red square',
  'a blue circle',
  'a photo of a dog',
  'a page of printed text',
] as const

const edge = 224
const half = 70

/** The drawings that the first words name, in their order. */
export const selfTestPictures: readonly NormalisedImage[] = [
  draw([220, 20, 20], (x, y) => Math.abs(x) < half && Math.abs(y) < half),
  draw([20, 40, 220], (x, y) => Math.hypot(x, y) < half),
]

/** On white; coordinates are pixels from the middle. */
function draw(
  colour: readonly [number, number, number],
  isInside: (x: number, y: number) => boolean,
): NormalisedImage {
  const rgb = new Uint8Array(edge * edge * 3).fill(255)
  for (let at = 0; at < edge * edge; at++) {
    const [x, y] = [(at % edge) - edge / 2, Math.floor(at / edge) - edge / 2]
    if (isInside(x, y)) rgb.set(colour, at * 3)
  }
  return { rgb, width: edge, height: edge, source: { format: 'png', width: edge, height: edge } }
}

/**
 * Refuses a model whose words are not where its pictures are, as of a tokenizer that pads otherwise than in training:
 * all its answers look sound, and mean nothing.
 *
 * @param pictures vectors of `selfTestPictures`
 * @param words vectors of `selfTestWords`
 * @param whatToDo ends the message
 * @throws LookalikeError `provider_rejected`
 */
export function assertWordsFit(
  model: string,
  pictures: readonly Float32Array[],
  words: readonly Float32Array[],
  whatToDo: string,
): void {
  for (const [at, picture] of pictures.entries()) {
    const scores = words.map((word) => dot(picture, word))
    const best = scores.indexOf(Math.max(...scores))
    if (best === at) continue
    const [own, other] = [scores[at]!, scores[best]!].map((score) => score.toFixed(3))
    throw new LookalikeError(
      'provider_rejected',
      `The model ${model} fails the self-test: a drawing of ${selfTestWords[at]} is nearer to "${selfTestWords[best]}" ` +
        `(${other}) than to its own words (${own}), so its texts and pictures do not belong together. ${whatToDo}`,
    )
  }
}

/**
 * Refuses a model that sees no difference between drawings, of which one has no words to test.
 *
 * @throws LookalikeError `provider_rejected`
 */
export function assertPicturesDiffer(model: string, [one, other]: readonly Float32Array[]): void {
  if (dot(one!, other!) < 0.99999) return
  throw new LookalikeError(
    'provider_rejected',
    `The model ${model} fails the self-test: a red square and a blue circle have the same vector, so it does not look at pictures. ` +
      'Check that it embeds images, and how it is asked.',
  )
}
