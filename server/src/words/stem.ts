import { withoutAccents } from './words.ts'

/** Plurals that follow no rule below, folded, and what they are of. */
const irregular = new Map(
  (
    'men man women woman children child people person mice mouse geese goose feet foot teeth tooth oxen ox ' +
    'wolves wolf leaves leaf knives knife wives wife lives life shelves shelf scarves scarf halves half calves calf ' +
    'loaves loaf thieves thief elves elf hooves hoof potatoes potato tomatoes tomato heroes hero mangoes mango ' +
    'volcanoes volcano mosquitoes mosquito tornadoes tornado buffaloes buffalo flamingoes flamingo buses bus gases gas ' +
    'lenses lens bilder bild kinder kind eier ei kleider kleid schilder schild felder feld nester nest lichter licht ' +
    'gesichter gesicht bretter brett lieder lied rinder rind geister geist schwerter schwert busse bus axes axe'
  )
    .split(' ')
    .flatMap((each, at, all) => (at % 2 === 0 ? [[each, all[at + 1]!] as const] : [])),
)
/** What ends like a plural and is none, or would become another word. */
const whole = new Set(
  (
    'linen raven haven siren token gas lens glas gras hals fels moos canvas atlas pants jeans shorts trousers scissors ' +
    'glasses clothes species series paste taste waste clothe bathe breathe'
  ).split(' '),
)
/** Shorter words stay as they are: too much else begins like them. */
const shortest = 4
const mostKept = 20_000
const kept = new Map<string, string>()

/**
 * A word without its accents and without what makes it a plural, in English and German alike, for which language it is of
 * is not known. Words of one stem are taken for one word. Only endings that mark a plural go, never those that make another
 * word: S stemming (Harman, How effective is suffixing?, JASIS 42, 1991) and the light stemming of German (Savoy, Light stemming
 * approaches for the French, Portuguese, German and Hungarian languages, SAC 2006), narrowed so that `care` is no `car`.
 *
 * @param word in lower case, with its accents: an umlaut tells that `Häuser` is a plural
 */
export function stemOf(word: string): string {
  let stem = kept.get(word)
  if (stem === undefined) {
    stem = stemmed(word)
    if (kept.size >= mostKept) kept.clear()
    kept.set(word, stem)
  }
  return stem
}

function stemmed(word: string): string {
  const written = withoutAccents(word)
  const folded = irregular.get(written) ?? written
  if (folded.length < shortest || whole.has(folded) || !/^[a-z]+$/.test(folded)) return folded
  const hasUmlaut = /[äöü]/.test(word)
  return withoutE(withoutN(withoutS(folded), hasUmlaut), hasUmlaut)
}

function withoutS(word: string): string {
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`
  if (/(?:ch|sh|x|ss|zz)es$/.test(word)) return word.slice(0, -2)
  // `Fuchs`, `glass`, `bus` and `iris` are one.
  return /[^sui]s$/.test(word) && !word.endsWith('chs') ? word.slice(0, -1) : word
}

function withoutN(word: string, hasUmlaut: boolean): string {
  if (word.endsWith('innen')) return word.slice(0, -3)
  if (hasUmlaut && word.length > 5 && word.endsWith('er')) return word.slice(0, -2)
  const isPlural = word.length > shortest && !whole.has(word) && /(?:e|[^aeiou]e[lr])n$/.test(word)
  return isPlural ? word.slice(0, -1) : word
}

/** `Hunde` is of `Hund`, and `Bäume` of `Baum`; `care` is not of `car`: English puts an e after one vowel and one consonant. */
function withoutE(word: string, hasUmlaut: boolean): string {
  if (!word.endsWith('e') || word.length < shortest || whole.has(word)) return word
  return hasUmlaut || /(?:[^aeiouy]{2}|[aeiou]{2}[^aeiou]?)e$/.test(word) ? word.slice(0, -1) : word
}
