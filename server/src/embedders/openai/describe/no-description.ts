import { detectLanguage } from './language.ts'

/** What is quoted is in the picture. */
const quotations = /"[^"]*"|“[^”]*”|„[^“”]*[“”]|«[^»]*»|(?<![\p{L}\p{N}])'[^']*'(?![\p{L}\p{N}])/gu
const markdown = /[*_#>`~]+/g

/** A model that declines speaks of itself, or to the reader; a description has neither. */
const speaker =
  /\b(I|[Ww]e) ?(['’](m|ve|d|ll|re)|am|are|was|can|cannot|could|couldn|do|don|did|didn|won|will|would|have|haven|see|need|must|apologi[sz]e|think|believe|regret|notice|received?)\b/
const reader = /\b(please|you(['’](ve|re|d|ll))?|your|yours|let (me|us) know)\b/i
/** The one way in which descriptions do: "you can see a house", but "I see no house". */
const onlooker =
  /\b(you|I|we)(['’]ll| can| will| could| may| might)?( also| clearly)? (see|notice|find|spot)\b(?! (no|nothing|neither|any)\b)/gi
const sayingWhatTo =
  /\bplease\b[^.]*\b(upload|attach|provide|share|send|try|check|include|supply|paste)\b/i
const openings =
  /^(i['’]?m |i am |we['’]re |we are )?(so |very |really |truly |terribly )?(sorry|apologies|apologi[sz]e|unfortunately|regrettably|my apologies)\b(?!-)|^as an? [\w -]{0,30}\b(ai|model|assistant)\b|^error\b\s*[:\d-]|^(n\/?a|none|null|undefined|nothing|unknown)\W*$/i

const medium =
  '(images?|pictures?|photos?|photographs?|pics?|attachments?|files?|uploads?|input|content|data|links?|urls?|visuals?|descriptions?)'
/** The thing that a description is about, and no thing that should have arrived. */
const depiction = new RegExp(
  `\\b${medium} (of|showing|depicting|taken|shot|with|on|by|shows?|depicts?)\\b`,
  'gi',
)
const arriving =
  '(attached|provided|uploaded|included|shared|supplied|submitted|sent|received|load(ed|ing)?|displayed|access(ed|ible)?|open(ed)?|process(ed)?|view(ed)?|see|seen|visible|available|found|detect(ed)?|present|given|came|come|arrived?|appears?|here|download(ed)?|fetch(ed)?|decoded?|read|support(s|ed)?|contains?|analy[sz]ed?|describ(e|ed|ing)|generated?|identif(y|ied)|assist|help|comply|proceed|missing)\\b'
const lacking =
  "(no|not|n['’]t|cannot|can['’]t|unable|without|nothing|fail(s|ed|ure)?|missing|unavailable|inaccessible|corrupt(ed)?|unreadable|invalid|impossible|never|neither|nor)"
const within = (words: string) => new RegExp(`(?:^|[^\\p{L}])${words}`, 'iu')
/** What is still hoped for. */
const pending =
  /\b(once|until|after|when|if|wait(ing)?|awaiting|to be|needs? to)\b[^.]*\b(attached|provided|uploaded|shared|supplied|submitted|sent|received|upload)\b/iu
const nothingCame =
  /\bnothing\b[^.]*\b(attached|provided|uploaded|shared|supplied|sent|received)\b/i
const mentions = { medium: within(`${medium}\\b`), arriving: within(arriving), lacking: within(`\\b${lacking}\\b|\\p{L}n['’]t\\b`) } // prettier-ignore
/** Said of the thing itself: "image missing", "no image". */
const bare = new RegExp(
  `^\\P{L}*(there (is|was|are|were)(n['’]t| not)? )?((no|missing|invalid|corrupt(ed)?|unreadable|unavailable|unsupported) ${medium}|${medium} (is |was |are )?(not (found|available|supported|provided)|un(available|supported|readable)|missing|invalid|corrupt(ed)?|inaccessible|error))\\b`,
  'iu',
)
const unable =
  /^\P{L}*(unable|cannot|can['’]?t|could not|couldn['’]t|not (able|possible|allowed|permitted)|failed|refus(ed?|ing)|declin(ed?|ing))\b|^(assistance|help|describing|description|identification|analysis|this request)\b[^.]*\bnot (possible|available|allowed|permitted|supported)\b/iu
const policy =
  /\b(violat\w*|against|under|per|due to|breach\w*)\b[^.]{0,40}\b(polic(y|ies)|guidelines?|terms|rules|safety|restrictions?)\b/i

/** Words of an excuse, at most; descriptions are asked to have 60 and more, and say what there is. */
const maxExcuse = 45

/**
 * Whether a text in English is the model's, about itself, its reader, or a picture that did not arrive,
 * instead of a description. It goes by the small words that such a text cannot do without.
 */
export function isAboutItself(line: string): boolean {
  const plain = line.replace(markdown, '').trim()
  const said = plain.replace(quotations, ' ').replace(onlooker, ' ').replace(depiction, ' ')
  const sentences = said.split(/(?<=[.!?])\s+/)
  const [first = '', ...others] = sentences
  // "Hmm." and the like come before what is said.
  const opening = first.split(' ').length < 4 ? `${first} ${others[0] ?? ''}` : first
  if (openings.test(said.trim()) || speaker.test(opening) || reader.test(opening)) return true
  if (sentences.slice(0, 3).some((sentence) => speaker.test(sentence) && mentions.lacking.test(sentence))) return true // prettier-ignore
  if (said.split(/\s+/).length > maxExcuse) return false
  if ([bare, unable, policy, nothingCame, sayingWhatTo].some((pattern) => pattern.test(said.trim()))) return true // prettier-ignore
  return sentences.some(
    (sentence) =>
      (mentions.medium.test(sentence) && pending.test(sentence)) ||
      Object.values(mentions).every((pattern) => pattern.test(sentence)),
  )
}

/** Small words that no other language has two of. */
const englishWords = /\b(the|and|with|of|from|by|an)\b/gi

/**
 * How sure another language must be, and how much surer than English: names and loan words tip the scale
 * a little. With these, none of 1500 English sentences of seven random words counted as another language,
 * and of lists of three words one in fifty.
 */
const minScore = 0.7
const margin = 0.12

/**
 * Whether a text is in another language than the English that was asked for. Short texts and lists of
 * words that could be English count as English.
 */
export async function isOtherLanguage(line: string): Promise<boolean> {
  if (isInOtherScript(line)) return true
  // What was asked for hardly ever needs the detector, which takes much memory.
  const small = line.match(englishWords)?.map((word) => word.toLowerCase())
  if (new Set(small).size > 1) return false
  const said = line.replace(quotations, ' ').replace(markdown, '')
  const { language, isReliable, scores } = await detectLanguage(said)
  if (language === '' || language === 'en' || !isReliable) return false
  const score = scores[language] ?? 0
  return score >= minScore && score - (scores['en'] ?? 0) > margin
}

function isInOtherScript(line: string): boolean {
  const letters = line.match(/\p{L}/gu)?.length ?? 0
  return 2 * (line.match(/\p{Script=Latin}/gu)?.length ?? 0) < letters
}
