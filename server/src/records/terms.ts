import { stemOf } from '../words/stem.ts'
import type { AskedWord } from '../words/asked.ts'
import { wordsIn } from '../words/words.ts'
import type { Phrase, Term, WordsCondition } from './filter.ts'
import type { Json } from './record.ts'

/** Bounds of what is kept of one record, whatever somebody writes into it. */
const mostTerms = 400
const mostPlaceTerms = 40
const mostCharacters = 20_000
const longestWord = 40

/** Stands before words of the place where a picture lies; a letter for every engine, and in no word that people write. */
const placeMark = 'ª'

/**
 * The terms of a filter document: the stems of the words in its description, its tags, its metadata and the name of its file,
 * and apart from them, behind a mark, those of the place of that file: the rest of the URI.
 */
export function termsOf(document: { readonly [key: string]: Json }): string[] {
  const terms = new Set<string>()
  let characters = mostCharacters
  const add = (text: string) => {
    for (const word of wordsIn(text.slice(0, characters))) {
      if (terms.size === mostTerms) return
      if (word.length <= longestWord) terms.add(stemOf(word))
    }
    characters = Math.max(0, characters - text.length)
  }
  const visit = (value: Json) => {
    if (characters === 0) return
    // Addresses are read by nobody, and tell of a server rather than of a picture.
    if (typeof value === 'string') return void (/^\w{2,10}:\/\//.test(value) || add(value))
    if (typeof value === 'number') return add(String(value))
    if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit)
  }
  const { image_uri, description, lookalike, ...metadata } = document
  const { tags = null, shadowed = null } = (lookalike ?? {}) as { tags?: Json; shadowed?: Json }
  const [place, name] = typeof image_uri === 'string' ? placeAndName(image_uri) : ['', '']
  add(name)
  visit(tags)
  visit(description ?? null)
  visit(metadata as Json)
  visit(shadowed)
  const places = new Set(wordsIn(place).slice(0, mostPlaceTerms).map((word) => placeMark + stemOf(word))) // prettier-ignore
  return [...terms, ...places]
}

/** `https://example.org/2024%20Harz/fox_1.jpg` is `fox_1` in `example.org/2024 Harz`. */
function placeAndName(uri: string): [string, string] {
  const [, path] = /^(?:[a-z][\w+.-]*:)?(.*?)(?:[?#].*)?$/is.exec(uri.slice(0, mostCharacters))!
  const readable = decoded(path!)
  const at = readable.search(/[^/]*\/?$/)
  const name = readable.slice(at)
  const extension = name.search(/\.\w{1,5}$/)
  return extension > 0
    ? [readable.slice(0, at) + name.slice(extension), name.slice(0, extension)]
    : [readable.slice(0, at), name]
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** What is asked to stand in a record: for each choice, the ways to say it, each of several words. */
export type Asked = readonly (readonly (readonly AskedWord[])[])[]

/** Holds where all of it stands in whole words. */
export function withWords(asked: Asked): WordsCondition {
  return {
    words: asked.map((ways) => ways.map((words) => words.map(({ stem }) => ({ text: stem })))),
  }
}

/** Holds where words stand that begin with these. */
export function withBeginnings(asked: Asked): WordsCondition {
  return { words: asked.map((ways) => ways.flatMap((words) => beginnings(words))) }
}

/** The same, and in the place of the file as well; for nothing where nothing is asked. */
export function withBeginningsAnywhere(words: readonly AskedWord[]): WordsCondition {
  if (words.length === 0) return { words: [[]] }
  return {
    words: words.map((word) => {
      const phrases = beginnings([word])
      return [
        ...phrases,
        ...phrases.map((terms) => terms.map((term) => ({ ...term, text: placeMark + term.text }))),
      ]
    }),
  }
}

/** A whole word may end otherwise than its beginning goes on: `ente` is of `Enten`, whose stem is `ent`. */
function beginnings(words: readonly AskedWord[]): Phrase[] {
  return words.reduce<Phrase[]>(
    (phrases, { stem, written }) =>
      phrases.flatMap((terms) => [
        [...terms, { text: stem }],
        [...terms, { text: written, isBeginning: true as const }],
      ]),
    [[]],
  )
}

/** Whether a document's terms are those that a condition asks for. */
export function hasTerms({
  words,
}: WordsCondition): (document: { readonly [key: string]: Json }) => boolean {
  return (document) => {
    const terms = termsOf(document)
    const known = new Set(terms)
    const stands = ({ text, isBeginning }: Term) =>
      isBeginning ? terms.some((term) => term.startsWith(text)) : known.has(text)
    return words.every((phrases) => phrases.some((phrase) => phrase.every(stands)))
  }
}
