import { rejected } from '../../../providers/provider-errors.ts'
import { isAboutItself, isOtherLanguage } from './no-description.ts'
import { noPicture, refusal } from './prompt.ts'

/** Characters of a description, at most; 120 words are about 800. */
const maxLength = 1500

// Line ends become spaces first. Format characters steer how text is shown, right-to-left overrides
// among them; the joiners that emoji and some scripts need are kept.
const control = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu
/** What some models say before they say what they were asked for. */
const preface =
  /^(sure|certainly|of course|absolutely|here( is|['’]s| are))\b[^.:]{0,80}:\s*(?=\S)/i
const singleWord = new RegExp(`^\\P{L}*(${noPicture}|${refusal})\\P{L}*$`, 'iu')

/**
 * The model's text as data: one line, without control characters, of bounded length.
 *
 * @param given.isEntry whether the model says, apart from the text, that it is a description
 * @throws LookalikeError `provider_rejected` when it is empty, or something else than a description
 */
export async function checkDescription(
  text: string | null | undefined,
  model: string,
  { isEntry = false } = {},
): Promise<string> {
  const line = tidy(text ?? '').replace(preface, '')
  if (!/[\p{L}\p{N}]/u.test(line)) throw rejected(model, 'its description is empty.')
  if (singleWord.test(line) || isAboutItself(line)) throw declined(model, line)
  if (!isEntry && (await isOtherLanguage(line))) {
    throw rejected(
      model,
      `it was asked for a description in English, and answered in another language, as servers do that cannot see the picture: ${quotation(line)}.`,
    )
  }
  return shorten(line)
}

/** @param reason the model's own words, shown as a bounded quotation */
export function declined(model: string, reason: string): Error {
  const words = quotation(reason)
  return rejected(model, `it declined to describe the picture${words && `: ${words}`}.`)
}

function quotation(text: string): string {
  const words = tidy(text).slice(0, 200)
  return words && `"${words}"`
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
