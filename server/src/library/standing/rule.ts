import { filterDocument, type Filter } from '../../records/filter.ts'
import { matcher } from '../../records/matches.ts'
import type { FileFacts, ImageRecord, VectorRecord } from '../../records/record.ts'
import { cosine } from '../../records/vectors.ts'
import { isAtLeast, matchOf, sameMatch, type Match } from '../calibration/match.ts'
import { backgroundOf, leastPictures, type Sample } from '../calibration/sample.ts'
import type { Verdicts } from '../copies/same-picture.ts'
import type { KeptQuestion } from '../kept-questions/kept-question.ts'
import { conjunction } from '../questions/like-all.ts'
import { sumOf } from '../questions/sum.ts'

/** What a picture must be to match a question that stands. */
export interface Rule {
  readonly combine: 'sum' | 'all'
  readonly scoreThreshold?: number | undefined
  readonly minMatch?: Match | undefined
  readonly filter?: Filter | undefined
  readonly sparql?: string | undefined
  readonly exclude: readonly string[]
}

/** What was found of a picture that matches. */
export interface Found {
  readonly score: number
  readonly match: Match | null
  readonly surprise: number | null
}

/** `unsure`: the library is too small to tell, and the picture is to be looked at again when it has grown. */
export type Finding = Found | 'none' | 'unsure'

/**
 * How pictures are compared with a question, one at a time: what searches do for the whole library, by the same words. Pixels are not
 * compared: that two files show the same picture is told by their bytes and hashes.
 */
export function comparison(
  { parts, vectors }: KeptQuestion,
  rule: Rule,
  sample: Sample | null,
  known: Verdicts,
): (record: VectorRecord) => Finding {
  const passes = rule.filter && matcher(rule.filter)
  const left = new Set([...rule.exclude, ...parts.flatMap(({ id }) => id ?? [])])
  const judge = rule.combine === 'all' ? byAll() : bySum()
  const canTell = sample !== null && sample.pictures >= leastPictures
  return (record) => {
    if (left.has(record.id) || passes?.(filterDocument(record)) === false) return 'none'
    const found = judge(record)
    // 0 means no cut, as in every search.
    if (!found || (rule.scoreThreshold && found.score < rule.scoreThreshold)) return 'none'
    if (!rule.minMatch) return found
    if (found.match) return isAtLeast(found.match, rule.minMatch) ? found : 'none'
    return canTell ? 'none' : 'unsure'
  }

  function byAll() {
    const weighted = vectors.map((vector, at) => ({ vector, weight: parts[at]!.weight }))
    const all = conjunction(weighted, sample)
    return ({ vector }: VectorRecord): Found | null => {
      const judged = all.judge(vector)
      return judged && { score: judged.score, match: judged.match, surprise: judged.surprise }
    }
  }

  function bySum() {
    const [only] = parts
    const isOne = parts.length === 1
    const vector = isOne
      ? vectors[0]!
      : sumOf(vectors.map((each, at) => ({ vector: each, weight: parts[at]!.weight })))
    // A region is another picture than its file is.
    const file: FileFacts | null = isOne && !only!.region ? only!.file : null
    const background = sample && backgroundOf(sample, vector)
    return (record: ImageRecord & { vector: Float32Array }): Found => {
      const score = cosine(vector, record.vector)
      const chance = background?.chance(score)
      const word = chance === undefined ? null : matchOf(chance * sample!.pictures)
      return {
        score,
        match: sameMatch(known, file, record.file) ?? word,
        surprise: chance === undefined ? null : Math.round(-100 * Math.log10(chance)) / 100,
      }
    }
  }
}
