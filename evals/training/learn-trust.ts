import { networkVocabulary } from '../../server/src/names/vocabulary.ts'
import type { DataMatrix } from './principal-subspace.ts'

/** A name counts as given to a drawing from this probability on. */
const given = 0.4
/** What is believed of a name before anything is seen of it, and how many pictures that weighs as much as. */
const prior = 0.9
const priorWeight = 10

/**
 * How far each name of the vocabulary can be believed: of the drawings that were made of photographs and that it was
 * given to, the share whose photograph shows the same, by the probability that the network gives it there. What a network
 * for photographs takes drawings for (envelopes, comic books, jigsaw puzzles) has little.
 *
 * @param photographs probabilities of the classes, a row for each
 * @param drawings the same for every `every`th photograph, for each way of drawing
 */
export function learnTrust(
  photographs: DataMatrix,
  drawings: readonly DataMatrix[],
  every: number,
): Float32Array {
  const { length } = photographs
  return Float32Array.from(networkVocabulary(), ({ classes }) => {
    let count = 0
    let right = 0
    for (const { values } of drawings) {
      for (let row = 0; row < values.length / length; row++) {
        if (probability(values, row * length, classes) < given) continue
        count++
        right += probability(photographs.values, row * every * length, classes)
      }
    }
    return Math.min(1, (right + prior * priorWeight) / (count + priorWeight))
  })
}

function probability(values: Float32Array, start: number, classes: readonly number[]): number {
  return classes.reduce((sum, index) => sum + values[start + index]!, 0)
}
