import type { Embedder } from '../../embedders/embedder.ts'
import type { Filter } from '../../records/filter.ts'
import { type Asked, withBeginnings, withWords } from '../../records/terms.ts'
import { allWords, askedPhrases, type AskedPhrase } from '../../words/asked.ts'

/** What a text asks for, as words that stand in a record and as something to look for. */
export interface AskedText {
  /** What the embedder is asked for; null where it understands none of it. */
  readonly embeddable: string | null
  readonly wanted: Asked
  readonly unwanted: Asked
  /** The same of what the embedder does not understand: whatever is found must have it, or not. */
  readonly needed: Asked
  readonly barred: Asked
}

/** Words that say the same, all of them wanted or all not. */
interface Choice {
  readonly ways: Asked[number]
  readonly isWanted: boolean
  readonly isKnown: boolean
}

export function readText(
  embedder: Pick<Embedder, 'embedText' | 'readNames'>,
  text: string,
): AskedText {
  const { known, unknown } = embedder.readNames?.(text) ?? {
    known: [],
    unknown: askedPhrases(text),
  }
  const named = known.map(({ said, names, wanted }) => ({
    ways: [said, ...names].map(allWords).filter((words) => words.length > 0),
    isWanted: wanted,
    isKnown: true,
  }))
  // It understands the rest as well.
  if (embedder.embedText) return of([...named, ...spoken(unknown, true)], text)
  const embeddable = known.map(({ said, wanted }) => (wanted ? said : `not ${said}`)).join(' ')
  const canEmbed = known.some(({ wanted }) => wanted)
  return of([...named, ...spoken(unknown, false)], canEmbed ? embeddable : null)
}

function spoken(phrases: readonly AskedPhrase[], isKnown: boolean): Choice[] {
  return phrases.map(({ said, wanted }) => ({ ways: [allWords(said)], isWanted: wanted, isKnown }))
}

function of(choices: readonly Choice[], embeddable: string | null): AskedText {
  const ways = (isWanted: boolean, all: readonly Choice[]) =>
    all.filter((each) => each.isWanted === isWanted).map((each) => each.ways)
  const unknown = choices.filter(({ isKnown }) => !isKnown)
  return {
    embeddable,
    wanted: ways(true, choices),
    unwanted: ways(false, choices),
    needed: ways(true, unknown),
    barred: ways(false, unknown),
  }
}

/** How the words of a record are compared with those that are asked for. */
export type Comparison = 'whole' | 'beginning'

/** What a shorter word begins with is chance. */
const shortestBeginning = 3

export function canBeBeginnings(asked: Asked): boolean {
  return asked.every((ways) =>
    ways.some((words) => words.every(({ written }) => written.length >= shortestBeginning)),
  )
}

/** What has all of the one and none of the other; undefined where nothing is asked. */
export function wordFilter(
  wanted: Asked,
  unwanted: Asked,
  comparison: Comparison,
): Filter | undefined {
  const has = comparison === 'whole' ? withWords : withBeginnings
  const must = wanted.length > 0 ? [has(wanted)] : []
  const must_not = unwanted.map((ways) => withWords([ways]))
  if (must_not.length === 0) return must.length > 0 ? { must } : undefined
  return { must, must_not }
}
