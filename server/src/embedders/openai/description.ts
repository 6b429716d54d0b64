import { rejected } from './provider-errors.ts'

/** Characters of a description, at most; 120 words are about 800. */
const maxLength = 1500

/**
 * How models open when they apologise or decline in words instead of describing. Anchored at the
 * start: a description may well quote a sign that says sorry.
 */
const apologies = [
  /^(i['’]m|i am|we are) (very |so |really )?sorry\b/i,
  /^(sorry|apologies)\b[,.!]?( but)? (i|we)\b/i,
  /^(i|we) (do )?apologi[sz]e\b/i,
  /^(unfortunately,? )?(i|we) (can(no|['’])t|can not|could not|couldn['’]t|won['’]t|will not|am unable|am not able|do not|don['’]t|did not|didn['’]t) /i,
  /^i['’]m (unable|not able) /i,
  /^as an? (ai|artificial|language model|large language)/i,
  /^(no image|there is no image|please (provide|upload|share))\b/i,
]

// Line ends become spaces first. Format characters steer how text is shown, right-to-left overrides
// among them; the joiners that emoji and some scripts need are kept.
const control = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu

/**
 * The model's text as data: one line, without control characters, of bounded length.
 *
 * @throws LookalikeError `provider_rejected` when it is empty or an apology
 */
export function checkDescription(text: string | null | undefined, model: string): string {
  const line = tidy(text ?? '')
  if (!line) throw rejected(model, 'its description is empty.')
  if (apologies.some((apology) => apology.test(line))) throw declined(model, line)
  return shorten(line)
}

/** @param reason the model's own words, shown as a bounded quotation */
export function declined(model: string, reason: string): Error {
  const words = tidy(reason).slice(0, 200)
  return rejected(model, `it declined to describe the picture${words && `: "${words}"`}.`)
}

function tidy(text: string): string {
  return text.normalize('NFC').replace(/\s+/g, ' ').replace(control, '').trim()
}

/** Cut at the end of a sentence where one is near, else of a word, else anywhere. */
function shorten(line: string): string {
  if (line.length <= maxLength) return line
  const head = line.slice(0, maxLength)
  const ends = [head.lastIndexOf('. ') + 1, head.lastIndexOf(' ')]
  return head.slice(0, ends.find((end) => end > maxLength / 2) ?? maxLength)
}
