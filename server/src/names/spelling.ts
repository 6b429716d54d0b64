import { withoutAccents } from '../words/words.ts'

/** Lower case, without accents, in single spaces: how names are compared. */
export function folded(text: string): string {
  return withoutAccents(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

/** Umlauts as two letters, as they are typed where there is no key for them. */
export function withoutSpeltUmlauts(word: string): string {
  return word.replace(/([aou])e/g, '$1')
}

/** What a word may be the plural of, English and German. */
export function singulars(word: string): string[] {
  const endings: [RegExp, string][] = [
    [/ies$/, 'y'],
    [/ves$/, 'f'],
    [/ves$/, 'fe'],
    [/men$/, 'man'],
    [/mice$/, 'mouse'],
    [/geese$/, 'goose'],
    [/es$/, ''],
    [/s$/, ''],
    [/nen$/, ''],
    [/en$/, ''],
    [/er$/, ''],
    [/n$/, ''],
    [/e$/, ''],
  ]
  return endings
    .filter(([ending]) => ending.test(word) && word.length > 3)
    .map(([ending, instead]) => word.replace(ending, instead))
}

/** Typing errors that are forgiven in a word of this length. */
export function forgiven(length: number): number {
  if (length < 5) return 0
  return length < 10 ? 1 : 2
}

/**
 * Letters to add, leave out, change or exchange with the next one to make one word of the other; more than `most` is
 * told as `most + 1`. Source: optimal string alignment, Boytsov, ACM JEA 16, 2011.
 */
export function distance(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return most + 1
  let before: number[] = []
  let above = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (let row = 1; row <= one.length; row++) {
    const current = [row]
    for (let column = 1; column <= other.length; column++) {
      const same = one[row - 1] === other[column - 1] ? 0 : 1
      let least = Math.min(current[column - 1]! + 1, above[column]! + 1, above[column - 1]! + same)
      const exchanged =
        row > 1 &&
        column > 1 &&
        one[row - 1] === other[column - 2] &&
        one[row - 2] === other[column - 1]
      if (exchanged) least = Math.min(least, before[column - 2]! + 1)
      current.push(least)
    }
    before = above
    above = current
  }
  return Math.min(above[other.length]!, most + 1)
}
