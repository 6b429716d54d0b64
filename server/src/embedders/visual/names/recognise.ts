import { vocabulary, type Entry } from './vocabulary.ts'

/** What a picture shows, by name. */
export interface Names {
  /** Empty where nothing is probable enough. */
  readonly sentence: string
  /** From the most special name to the most general. */
  readonly tags: readonly string[]
}

/**
 * A name is given where its probability (a kind's being the sum of its classes') times how far it can be believed
 * reaches this: docs/retrieval-quality.md says how it was chosen, and how many of 100 such names are right.
 */
const probable = 0.6

/** Names that take no article. */
const uncountable =
  /^(?:.* )?(?:hay|velvet|wool|dough|corn|guacamole|carbonara|lotion|sunscreen|consomme|eggnog|wine|thatch|clothing|furniture|food|poultry|cattle|armour|jewellery|underwear|swimwear|nightwear|headgear|footwear|bedding|cosmetics|stationery|waterfowl|ware|gear|bread|pasta|soup|paper|kitchenware|packaging|broccoli|rapeseed|supply|equipment|cloth|tissue)$/

/**
 * @param scores of the classes, before softmax
 * @param trust how far each name of the vocabulary can be believed
 * @param bound another one than is used, for `npm run eval:bound`, which chose it
 */
export function namesOf(scores: Float64Array, trust: Float32Array, bound = probable): Names {
  const chosen = mostSpecial(softmax(scores), trust, bound)
  if (!chosen) return { sentence: '', tags: [] }
  const [nearest] = chosen.kinds
  const also = nearest && !chosen.name.endsWith(nearest) ? `, ${withArticle(nearest)}` : ''
  return {
    sentence: `Probably ${withArticle(chosen.name)}${also}.`,
    tags: [chosen.name, ...chosen.kinds.filter((kind) => kind !== chosen.name)],
  }
}

/** The name of the fewest classes that is probable. */
function mostSpecial(
  probabilities: Float64Array,
  trust: Float32Array,
  bound: number,
): Entry | undefined {
  let best: Entry | undefined
  for (const [at, entry] of vocabulary().entries()) {
    if (best && entry.classes.length >= best.classes.length) continue
    const sum = entry.classes.reduce((total, index) => total + probabilities[index]!, 0)
    if (sum * trust[at]! >= bound) best = entry
  }
  return best
}

export function softmax(scores: Float64Array): Float64Array {
  const most = scores.reduce((one, other) => Math.max(one, other))
  const powers = scores.map((score) => Math.exp(score - most))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map((power) => power / total)
}

function withArticle(name: string): string {
  if (uncountable.test(name) || /[^s]s$/.test(name)) return name
  return `${/^[aeiou]/i.test(name) && !/^(?:u[ns]i|eu)/i.test(name) ? 'an' : 'a'} ${name}`
}
