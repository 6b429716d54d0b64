import { type AskedPhrase, withMinusAsNot } from '../words/asked.ts'
import { isFiller, isNegation } from '../words/filler.ts'
import { distance, folded, forgiven, singulars, withoutSpeltUmlauts } from './spelling.ts'
import type { Entry, Vocabulary } from './vocabulary.ts'

/** A name that was asked for, and whether pictures of it are wanted or not. */
export interface Asked extends AskedPhrase {
  readonly entries: readonly Entry[]
}

export interface Understood {
  readonly asked: readonly Asked[]
  readonly unknown: readonly AskedPhrase[]
}

const suggestions = 3
/** Words that a name has at most. */
const longestName = 6

type Index = ReadonlyMap<string, readonly Entry[]>

const indexes = new WeakMap<Vocabulary, Index>()

function indexOf(vocabulary: Vocabulary): Index {
  const before = indexes.get(vocabulary)
  if (before) return before
  const made = new Map<string, Entry[]>()
  for (const entry of vocabulary) {
    const all = [...entry.english, ...entry.german].map((name) =>
      folded(name.replace(/\(.*\)/, '')),
    )
    for (const name of new Set(all)) made.set(name, [...(made.get(name) ?? []), entry])
  }
  indexes.set(vocabulary, made)
  return made
}

/**
 * Words of a text, looked up: the longest name first, plural, case and accents forgiven.
 *
 * @param forgiving whether small typing errors are, too
 */
export function understand(
  text: string,
  vocabulary: Vocabulary,
  { forgiving = true }: { readonly forgiving?: boolean } = {},
): Understood {
  const names = indexOf(vocabulary)
  // A minus sign before a word means "not", as in search engines.
  const written = withMinusAsNot(text)
    .normalize('NFC')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => folded(word) !== '')
  const words = written.map(folded)
  const asked: Asked[] = []
  const unknown: Understood['unknown'][number][] = []
  let wanted = true
  for (let at = 0; at < words.length;) {
    const word = words[at]!
    if (isNegation(word)) {
      wanted = false
      at++
      continue
    }
    const found = longest(names, words, at, forgiving)
    if (found) {
      const said = written.slice(at, at + found.length).join(' ')
      asked.push({ entries: found.entries, said, wanted })
      wanted = true
      at += found.length
      continue
    }
    if (!isFiller(word)) {
      unknown.push({ said: written[at]!, wanted })
      wanted = true
    }
    at++
  }
  return { asked, unknown }
}

function longest(names: Index, words: readonly string[], at: number, forgiving: boolean) {
  for (let length = Math.min(longestName, words.length - at); length > 0; length--) {
    const phrase = words.slice(at, at + length).join(' ')
    if (length === 1 && isFiller(phrase)) return undefined
    const entries = exactly(names, phrase)
    if (entries) return { entries, length }
  }
  if (!forgiving) return undefined
  for (let length = Math.min(3, words.length - at); length > 0; length--) {
    const phrase = words.slice(at, at + length).join(' ')
    const entries = nearly(names, phrase)
    if (entries) return { entries, length }
  }
  return undefined
}

function exactly(names: Index, phrase: string): readonly Entry[] | undefined {
  for (const form of [phrase, withoutSpeltUmlauts(phrase)]) {
    for (const word of [form, ...singulars(form)]) {
      const entries = names.get(word)
      if (entries) return entries
    }
  }
  return undefined
}

/** The one name that the fewest errors make of it; with two as near, none. */
function nearly(names: Index, phrase: string): readonly Entry[] | undefined {
  const most = forgiven(phrase.length)
  let least = most + 1
  let best: (readonly Entry[])[] = []
  for (const [name, entries] of most === 0 ? [] : names) {
    const errors = distance(phrase, name, Math.min(most, least))
    if (errors > most || errors > least || name[0] !== phrase[0]) continue
    if (errors < least) best = []
    least = errors
    best.push(entries)
  }
  return best.length === 1 ? best[0] : undefined
}

/** Those that are written most like a word, differing from it in less than a third of its letters. */
export function nearestNames(said: string, vocabulary: Vocabulary): string[] {
  const names = indexOf(vocabulary)
  const word = folded(said)
  return [...names.keys()]
    .map((name) => ({ name, errors: distance(word, name, 6) + (name[0] === word[0] ? 0 : 1) }))
    .filter(({ errors }) => errors <= (word.length - 1) / 3)
    .sort((one, other) => one.errors - other.errors || (one.name < other.name ? -1 : 1))
    .slice(0, suggestions)
    .map(({ name }) => names.get(name)![0]!)
    .map((entry) => entry.name)
    .filter((name, at, all) => all.indexOf(name) === at)
}
