import { dot } from '../records/vectors.ts'
import { listOf, mostSpecial, type Names, probable, sumOf, tagsOf } from './recognise.ts'
import { type Entry, type Sort, sorts, type Vocabulary } from './vocabulary.ts'

/** So many of a sort are said of one picture, at most. */
const most: Record<Sort, number> = { thing: 3, scene: 2, light: 1, mood: 1, style: 1, colour: 1 }

/**
 * What a deviation from the mean of all names is worth, in logarithms of odds. Models differ in the range of their cosines and
 * in the scale that they were trained with, and the files of their towers tell neither. Chosen with the built-in network's
 * own directions as names, where nine of ten names are right with it: docs/retrieval-quality.md.
 */
const logitsPerDeviation = 1.75

/** Cosines that differ by less are alike. */
const leastDeviation = 1e-6

/** In deviations; what is said has four and more. */
const leastOfCandidates = 1

/** Of the nearest name's score: what has more may be of something else in the picture. */
const shareOfStrong = 0.5
/** Of a name's cosine, once another is taken out of the picture: what keeps as much was of something else. */
const shareThatStays = 0.75

/** A picture, or what is left of it, as all names see it. */
interface Look {
  readonly picture: Float32Array
  readonly scores: Float64Array
  readonly mean: number
  readonly deviation: number
}

/**
 * Names for pictures, by a model that embeds pictures and texts into one space: each name is a vector.
 *
 * Pictures and texts lie apart in such spaces, so both are centred (Bhalla et al., SpLiCE, NeurIPS 2024): texts on the mean of
 * all names, pictures on that of pictures that show nothing, by which no name is near to just any picture (Allingham et al.,
 * A Simple Zero-shot Prompt Weighting Technique, ICML 2023). Of a picture the cosines with all names are standardised, so that
 * it does not matter how far apart a model puts things; and a name whose scores differ more than is usual among pictures that
 * show nothing, as "polka dots" may, has them divided by that.
 *
 * Names compete within their sort (softmax) with each other and with "nothing", which is just so probable that none of the
 * pictures that show nothing gets a name. Of n such pictures and one more like them, each is as likely to be the one that it is hardest
 * for: so the chance that the next one gets a name of a sort is about 1 in n + 1 (conformal prediction: Vovk et al., Algorithmic
 * Learning in a Random World, 2005).
 *
 * Several things in one picture: what a name explains is taken out of the picture's vector, and the others are asked of the rest
 * (orthogonal matching pursuit: Pati et al., Asilomar 1993). What is as near then as before is no rival of that name: "duck" and "guitar" stand
 * in one picture, and "duck" or "goose" is a question.
 */
export class NamesByVectors {
  readonly #entries: ReadonlyMap<Sort, Vocabulary>
  /** Of each name, centred, at unit length. */
  readonly #vectors: readonly Float32Array[]
  readonly #centre: Float32Array
  /** Of each name: less than 1 where its scores differ much among pictures that show nothing. */
  #belief: readonly number[]
  /** A logit. */
  readonly #nothing: Map<Sort, number>

  /**
   * @param names with kinds as classes
   * @param vectors of the names, in their order; unit length
   * @param meaningless vectors of pictures that show nothing
   * @param pause awaited between parts of some milliseconds, so that others have their turn
   */
  static async learn(
    names: Vocabulary,
    vectors: readonly Float32Array[],
    meaningless: readonly Float32Array[],
    pause: () => Promise<void>,
  ): Promise<NamesByVectors> {
    const made = new NamesByVectors(names, vectors, meanOf(meaningless))
    const looks: Look[] = []
    for (const vector of meaningless) {
      await pause()
      // Without its own part in the mean each would lie farther from it, in the same direction: its scores are the same.
      looks.push(made.#look(towards(vector, made.#centre)))
    }
    const spreads = vectors.map((_, at) => rootMeanSquare(looks.map(({ scores }) => scores[at]!)))
    // Over all names it is 1, for scores are in deviations.
    made.#belief = spreads.map((spread) => 1 / Math.max(1, spread))
    for (const look of looks) {
      await pause()
      const believed = { ...look, scores: made.#believed(look.scores) }
      for (const sort of made.#entries.keys()) {
        const needed = Math.max(made.#nothing.get(sort)!, made.#leastNothing(sort, believed))
        made.#nothing.set(sort, needed)
      }
    }
    return made
  }

  private constructor(names: Vocabulary, vectors: readonly Float32Array[], centre: Float32Array) {
    const ofSorts = sorts.map(
      (sort) => [sort, names.filter((entry) => entry.sort === sort)] as const,
    )
    this.#entries = new Map(ofSorts.filter(([, entries]) => entries.length > 0))
    const middle = meanOf(vectors)
    this.#vectors = vectors.map((vector) => towards(vector, middle))
    this.#centre = centre
    this.#belief = vectors.map(() => 1)
    this.#nothing = new Map(sorts.map((sort) => [sort, -Infinity]))
  }

  /** @param vector of a picture, unit length */
  recognise(vector: Float32Array): Names {
    const look = this.#look(towards(vector, this.#centre))
    const chosen = [...this.#entries.keys()].flatMap((sort) => this.#ofSort(sort, look))
    return { sentence: listOf(chosen), tags: tagsOf(chosen) }
  }

  /** Of a picture that is centred: the cosine with each name, in deviations from the mean of all. */
  #look(picture: Float32Array): Look {
    const cosines = Float64Array.from(this.#vectors, (vector) => dot(vector, picture))
    const mean = cosines.reduce((sum, value) => sum + value, 0) / cosines.length
    const squares = cosines.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    const deviation = Math.max(leastDeviation, Math.sqrt(squares / cosines.length))
    const scores = cosines.map((value) => (value - mean) / deviation)
    return { picture, scores: this.#believed(scores), mean, deviation }
  }

  #believed(scores: Float64Array): Float64Array {
    return scores.map((score, at) => (score > 0 ? score * this.#belief[at]! : score))
  }

  #ofSort(sort: Sort, first: Look): Entry[] {
    const entries = this.#entries.get(sort)!
    const nothing = this.#nothing.get(sort)!
    const chosen: Entry[] = []
    let look = first
    for (;;) {
      const free = entries.filter((entry) => !chosen.some((other) => isOneOf(entry, other)))
      const { competing, highest, without } = this.#competition(free, look)
      const found = mostProbable(competing, look.scores, nothing)
      if (found) chosen.push(found)
      if (!found || chosen.length === most[sort]) return chosen
      const nearest = nearestOf(found, look.scores)
      look = nearest === highest ? without : this.#without(look, nearest, free)
    }
  }

  /**
   * The names that compete with the nearest one: not those that are as near once it is taken out of the picture, for they are of
   * something else in it.
   */
  #competition(entries: Vocabulary, look: Look) {
    const { scores } = look
    const highest = entries.reduce((best, entry) => scores[classOf(entry)]! > scores[best]! ? classOf(entry) : best, classOf(entries[0]!)) // prettier-ignore
    const without = this.#without(look, highest, entries)
    const competing = entries.filter((entry) => {
      const at = classOf(entry)
      const isStrong = at !== highest && scores[at]! > scores[highest]! * shareOfStrong
      return !isStrong || !stays(this.#vectors[at]!, look.picture, without.picture)
    })
    return { competing, highest, without }
  }

  /** What there is of a picture beside a name. On the scale of the whole: what is left of other names is less. */
  #without(look: Look, name: number, entries: Vocabulary): Look {
    const { mean, deviation } = look
    const explained = this.#vectors[name]!
    const part = dot(explained, look.picture)
    const picture = look.picture.map((value, at) => value - part * explained[at]!)
    const scores = look.scores.slice()
    for (const entry of entries) {
      const at = classOf(entry)
      // The others were no candidates, and become none by what is taken away.
      if (scores[at]! > leastOfCandidates) {
        scores[at] = (this.#belief[at]! * (dot(this.#vectors[at]!, picture) - mean)) / deviation
      }
    }
    return { picture, scores, mean, deviation }
  }

  /** How large, as a logit, "nothing" has to be for no name to be probable; minus infinity where none is anyway. */
  #leastNothing(sort: Sort, look: Look): number {
    const { competing } = this.#competition(this.#entries.get(sort)!, look)
    const { powers, highest, total } = powersOf(competing, look.scores)
    const best = competing.reduce((high, entry) => Math.max(high, sumOf(entry, powers)), 0)
    return highest + Math.log(Math.max(0, best / probable - total))
  }
}

/** @param nothing a logit */
function mostProbable(
  entries: Vocabulary,
  scores: Float64Array,
  nothing: number,
): Entry | undefined {
  const { powers, highest, total } = powersOf(entries, scores)
  const all = total + Math.exp(nothing - highest)
  return mostSpecial(entries, (entry) => sumOf(entry, powers) / all)
}

/** Odds of the names, by class, as shares of the highest. */
function powersOf(entries: Vocabulary, scores: Float64Array) {
  const logitOf = (entry: Entry) => scores[classOf(entry)]! * logitsPerDeviation
  const highest = entries.reduce((high, entry) => Math.max(high, logitOf(entry)), -Infinity)
  const powers = new Float64Array(scores.length)
  for (const entry of entries) powers[classOf(entry)] = Math.exp(logitOf(entry) - highest)
  return { powers, highest, total: powers.reduce((sum, power) => sum + power, 0) }
}

/** Whether a picture is nearly as near to a name without something as it was with it. */
function stays(name: Float32Array, picture: Float32Array, without: Float32Array): boolean {
  const before = dot(name, picture)
  return before > 0 && dot(name, without) > before * shareThatStays
}

/** Whether it is said already: the same, of that kind, or the kind of it. */
function isOneOf(entry: Entry, chosen: Entry): boolean {
  return entry === chosen || entry.kinds.includes(chosen.name) || chosen.kinds.includes(entry.name)
}

function nearestOf({ classes }: Entry, scores: Float64Array): number {
  return classes.reduce((one, other) => (scores[other]! > scores[one]! ? other : one))
}

function classOf({ classes }: Entry): number {
  return classes[0]!
}

function rootMeanSquare(values: readonly number[]): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
}

function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float64Array(vectors[0]!.length)
  for (const vector of vectors) vector.forEach((value, at) => (sum[at]! += value))
  return Float32Array.from(sum, (value) => value / vectors.length)
}

/** From a centre to a vector, at unit length; zeros where they are one. */
function towards(vector: Float32Array, centre: Float32Array): Float32Array {
  const from = vector.map((value, at) => value - centre[at]!)
  const length = Math.sqrt(dot(from, from))
  return length < leastDeviation ? from.fill(0) : from.map((value) => value / length)
}
