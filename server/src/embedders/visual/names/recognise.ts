import {
  mostSpecial,
  type Names,
  sentenceOf,
  softmax,
  sumOf,
  tagsOf,
} from '../../../names/recognise.ts'
import { networkVocabulary } from '../../../names/vocabulary.ts'

/**
 * @param scores of the classes, before softmax
 * @param trust how far each name of the vocabulary can be believed
 * @param bound another one than is used, for `npm run eval:bound`, which chose it
 */
export function namesOf(scores: Float64Array, trust: Float32Array, bound?: number): Names {
  const probabilities = softmax(scores)
  const believed = (entry: (typeof vocabulary)[number], at: number) =>
    sumOf(entry, probabilities) * trust[at]!
  const vocabulary = networkVocabulary()
  const chosen = mostSpecial(vocabulary, believed, bound)
  return chosen
    ? { sentence: sentenceOf(chosen), tags: tagsOf([chosen]) }
    : { sentence: '', tags: [] }
}
