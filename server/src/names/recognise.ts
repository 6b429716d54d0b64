import type { Entry, Vocabulary } from './vocabulary.ts'

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
export const probable = 0.6

/** The name of the fewest classes that is probable. */
export function mostSpecial(
  names: Vocabulary,
  probability: (entry: Entry, at: number) => number,
  bound = probable,
): Entry | undefined {
  let best: Entry | undefined
  for (const [at, entry] of names.entries()) {
    if (best && entry.classes.length >= best.classes.length) continue
    if (probability(entry, at) >= bound) best = entry
  }
  return best
}

export function sumOf({ classes }: Entry, probabilities: Float64Array): number {
  return classes.reduce((total, index) => total + probabilities[index]!, 0)
}

export function softmax(scores: Float64Array): Float64Array {
  const most = scores.reduce((one, other) => Math.max(one, other))
  const powers = scores.map((score) => Math.exp(score - most))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map((power) => power / total)
}

/** The names of what was recognised, then those of the kinds, the nearest first. */
export function tagsOf(chosen: readonly Entry[]): string[] {
  return [...new Set([...chosen.map(({ name }) => name), ...chosen.flatMap(({ kinds }) => kinds)])]
}

/** Of a thing that is named alone also what it is: "mallard", "duck". */
function withKind({ name, kinds }: Entry): string[] {
  const [nearest] = kinds
  return nearest && !name.endsWith(nearest) ? [name, nearest] : [name]
}

/** "Probably a mallard, a duck." */
export function sentenceOf(entry: Entry): string {
  return `Probably ${withKind(entry).map(withArticle).join(', ')}.`
}

/** "Probably: duck, pond, calm.", for names of which nobody knows whether they take an article; empty for none. */
export function listOf(chosen: readonly Entry[]): string {
  const names = chosen.length === 1 ? withKind(chosen[0]!) : chosen.map(({ name }) => name)
  return names.length > 0 ? `Probably: ${names.join(', ')}.` : ''
}

/** Names that take no article. */
const uncountable =
  /^(?:.* )?(?:hay|velvet|wool|dough|corn|guacamole|carbonara|lotion|sunscreen|consomme|eggnog|wine|thatch|clothing|furniture|food|poultry|cattle|armour|jewellery|underwear|swimwear|nightwear|headgear|footwear|bedding|cosmetics|stationery|waterfowl|ware|gear|bread|pasta|soup|paper|kitchenware|packaging|broccoli|rapeseed|supply|equipment|cloth|tissue)$/

function withArticle(name: string): string {
  if (uncountable.test(name) || /[^s]s$/.test(name)) return name
  return `${/^[aeiou]/i.test(name) && !/^(?:u[ns]i|eu)/i.test(name) ? 'an' : 'a'} ${name}`
}
