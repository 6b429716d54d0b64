/** What models call the part of an answer in which they think aloud. */
const name =
  '(?:seed:)?(?:think(?:ing)?|thoughts?|reason(?:ing)?|reflect(?:ion)?|scratch_?pad|analysis|cot|inner_?monologue)(?:[_-]\\w+)?'
/** Such tags in square brackets; other words in those are words. */
const bracketed = '(?:think(?:ing)?|reasoning)'
// Quoted, a tag is text in the picture.
const unquoted = '(?<!["\'“‘`])'
const opening = new RegExp(
  `${unquoted}(?:(?:<\\|?|◁|&lt;)\\s*(?:${name}|begin_of_thought)\\b[^<>▷]*?(?<!/)(?:\\|?>|▷|&gt;)|\\[${bracketed}\\])`,
  'giu',
)
const closing = new RegExp(
  `${unquoted}(?:(?:<\\|?|◁|&lt;)\\s*(?:/\\s*${name}|end_of_thought)\\s*(?:\\|?>|▷|&gt;)|\\[/${bracketed}\\])`,
  'giu',
)

/** Models that answer in channels say their words in the last of them, after this. */
const finalChannel = /<\|?channel\|?>\s*final\b[\s\S]*?(?:<\|message\|>|\n|$)/gi
const anyChannel = /<\|?channel\|?>\s*(?:analysis|commentary|thought)[\s\S]*$/i
const specialTokens = /<\|[^<>|\n]{1,40}\|>/g
/** Tags around the answer proper, and thoughts without content. */
const wrappers =
  /<\/?\s*(?:final_?)?(?:answer|output|response|result|solution|description)\s*>|<\s*think(?:ing)?\s*\/>/gi

/**
 * The words of an answer without the thoughts that some models put before or between them, in tags of
 * any casing or brackets, with attributes, nested, never closed, or closed without having been opened.
 */
export function withoutThoughts(text: string): string {
  const words = outsideTags(afterLast(text, finalChannel).replace(anyChannel, ''))
  return words.replace(specialTokens, '').replace(wrappers, '').trim()
}

function outsideTags(text: string): string {
  const tags = [
    ...Array.from(text.matchAll(opening), (match) => ({ match, isOpening: true })),
    ...Array.from(text.matchAll(closing), (match) => ({ match, isOpening: false })),
  ].toSorted((a, b) => a.match.index - b.match.index)
  let words = ''
  let depth = 0
  let at = 0
  for (const { match, isOpening } of tags) {
    if (depth === 0 && isOpening) words += text.slice(at, match.index)
    // Closed without having been opened: all before it was thought.
    if (depth === 0 && !isOpening) words = ''
    depth = isOpening ? depth + 1 : Math.max(0, depth - 1)
    at = match.index + match[0].length
  }
  return depth === 0 ? words + text.slice(at) : words
}

function afterLast(text: string, pattern: RegExp): string {
  const last = Array.from(text.matchAll(pattern)).at(-1)
  return last ? text.slice(last.index + last[0].length) : text
}
