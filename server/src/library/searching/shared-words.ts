import { isFiller, isNegation } from '../../words/filler.ts'
import { wordsIn } from '../../words/words.ts'

const shortest = 3

/** The words that both texts use and that say something, as the first has them and in its order. */
export function sharedWords(one: string, other: string): string[] {
  const theirs = new Set(telling(other))
  return [...new Set(telling(one))].filter((word) => theirs.has(word))
}

function telling(text: string): string[] {
  return wordsIn(text).filter(
    (word) =>
      !isFiller(word) &&
      !isNegation(word) &&
      !/\d/.test(word) &&
      // Where scripts have a sign for a word, one is long enough.
      (word.length >= shortest || /[^\p{Script=Latin}]/u.test(word)),
  )
}
