import { isFiller, isNegation } from './filler.ts'
import { stemOf } from './stem.ts'
import { withoutAccents, wordsIn } from './words.ts'

/** A word of a question. */
export interface AskedWord {
  /** As it was written, in lower case and without accents. */
  readonly written: string
  readonly stem: string
}

/** A word of a question, or several that are one name. */
export interface AskedPhrase {
  readonly said: string
  /** False after "not" and a minus sign. */
  readonly wanted: boolean
}

/** So many words a question has at most; those behind them do not count. */
const mostWords = 32

/** The words of a question, without those that say nothing. */
export function askedPhrases(text: string): AskedPhrase[] {
  const asked: AskedPhrase[] = []
  let wanted = true
  for (const said of wordsIn(withMinusAsNot(text))) {
    if (isNegation(said)) wanted = false
    if (isNegation(said) || isFiller(said)) continue
    asked.push({ said, wanted })
    wanted = true
  }
  return asked.slice(0, mostWords)
}

/** As in search engines. */
export function withMinusAsNot(text: string): string {
  return text.replace(/(^|\s)-(?=\p{L})/gu, '$1not ')
}

/** Every word of a text, whether it says something or not. */
export function allWords(text: string): AskedWord[] {
  return wordsIn(text)
    .slice(0, mostWords)
    .map((word) => ({ written: withoutAccents(word), stem: stemOf(word) }))
}
