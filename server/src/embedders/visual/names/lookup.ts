import { distance, folded, forgiven, singulars, withoutSpeltUmlauts } from './spelling.ts'
import { vocabulary, type Entry } from './vocabulary.ts'

/** A name that was asked for, and whether pictures of it are wanted or not. */
export interface Asked {
  readonly entries: readonly Entry[]
  readonly wanted: boolean
}

export interface Understood {
  readonly asked: readonly Asked[]
  readonly unknown: readonly { readonly word: string; readonly nearest: readonly string[] }[]
}

const negations = new Set(['not', 'no', 'without', 'nicht', 'kein', 'keine', 'keinen', 'ohne'])
const filling = new Set(
  'a an the and or with of on in at some any picture pictures photo photos image images bild bilder foto fotos ein eine einen einem einer der die das den dem und oder mit von auf im'.split(
    ' ',
  ),
)
const suggestions = 3

let index: ReadonlyMap<string, readonly Entry[]> | undefined

function names(): ReadonlyMap<string, readonly Entry[]> {
  if (index) return index
  const made = new Map<string, Entry[]>()
  for (const entry of vocabulary()) {
    const all = [...entry.english, ...entry.german].map((name) =>
      folded(name.replace(/\(.*\)/, '')),
    )
    for (const name of new Set(all)) made.set(name, [...(made.get(name) ?? []), entry])
  }
  return (index = made)
}

/** Words of a text, looked up: the longest name first, plural, case, accents and small typing errors forgiven. */
export function understand(text: string): Understood {
  // A minus sign before a word means "not", as in search engines.
  const words = folded(text.replace(/(^|\s)-(?=\p{L})/gu, '$1not ')).split(' ')
  const asked: Asked[] = []
  const unknown: Understood['unknown'][number][] = []
  let wanted = true
  for (let at = 0; at < words.length;) {
    const word = words[at]!
    if (negations.has(word)) {
      wanted = false
      at++
      continue
    }
    const found = longest(words, at)
    if (found) {
      asked.push({ entries: found.entries, wanted })
      wanted = true
      at += found.length
      continue
    }
    if (word !== '' && !filling.has(word)) {
      unknown.push({ word, nearest: nearestNames(word) })
      wanted = true
    }
    at++
  }
  return { asked, unknown }
}

function longest(words: readonly string[], at: number) {
  for (let length = Math.min(4, words.length - at); length > 0; length--) {
    const phrase = words.slice(at, at + length).join(' ')
    if (length === 1 && filling.has(phrase)) return undefined
    const entries = exactly(phrase)
    if (entries) return { entries, length }
  }
  for (let length = Math.min(3, words.length - at); length > 0; length--) {
    const phrase = words.slice(at, at + length).join(' ')
    const entries = nearly(phrase)
    if (entries) return { entries, length }
  }
  return undefined
}

function exactly(phrase: string): readonly Entry[] | undefined {
  for (const form of [phrase, withoutSpeltUmlauts(phrase)]) {
    for (const word of [form, ...singulars(form)]) {
      const entries = names().get(word)
      if (entries) return entries
    }
  }
  return undefined
}

/** The one name that the fewest errors make of it; with two as near, none. */
function nearly(phrase: string): readonly Entry[] | undefined {
  const most = forgiven(phrase.length)
  let least = most + 1
  let best: (readonly Entry[])[] = []
  for (const [name, entries] of most === 0 ? [] : names()) {
    const errors = distance(phrase, name, Math.min(most, least))
    if (errors > most || errors > least || name[0] !== phrase[0]) continue
    if (errors < least) best = []
    least = errors
    best.push(entries)
  }
  return best.length === 1 ? best[0] : undefined
}

function nearestNames(word: string): string[] {
  return [...names().keys()]
    .map((name) => ({ name, errors: distance(word, name, 6) + (name[0] === word[0] ? 0 : 1) }))
    .sort((one, other) => one.errors - other.errors || (one.name < other.name ? -1 : 1))
    .slice(0, suggestions)
    .map(({ name }) => names().get(name)![0]!)
    .map((entry) => entry.name)
    .filter((name, at, all) => all.indexOf(name) === at)
}
