import { LookalikeError } from '../errors.ts'

/** Longer than any query a person or program asks; reading text takes time too. */
const maxCharacters = 100_000
/** Deeper than people and programs nest, and shallow enough for every engine: Oxigraph's time grows with the cube. */
const maxNesting = 50

/** What can hide a bracket: comments, IRIs and strings; then brackets themselves. */
const bracketsAndCovers =
  /#[^\n\r]*|<[^<>"{}|^`\\\u0000-\u0020]*>|"""(?:\\.|"{0,2}[^"\\])*"""|'''(?:\\.|'{0,2}[^'\\])*'''|"(?:\\.|[^"\\\n\r])*"|'(?:\\.|[^'\\\n\r])*'|[([{]|[)\]}]/gs // oxlint-disable-line no-control-regex -- IRIREF of SPARQL's grammar
const escaped = /(?<!\\)((?:\\\\)*)\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))/g
/** Characters that mean something else when they stand in a string unescaped. */
const escapes: Record<string, string> = {
  '"': '\\"',
  "'": "\\'",
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
}

/**
 * SPARQL text as a parser should see it: without a byte order mark, and with codepoint escapes written out
 * (https://www.w3.org/TR/sparql11-query/#codepointEscape). Time is linear in its length.
 *
 * @throws LookalikeError `query_refused` when it is too long or nested too deep for any parser here,
 * `invalid_query` when it holds half a surrogate pair
 */
export function checkedText(given: string): string {
  if (given.length > maxCharacters) {
    throw new LookalikeError(
      'query_refused',
      `The text is longer than ${maxCharacters} characters. Import large data at POST /api/kg/import.`,
    )
  }
  const text = given.replace(/^\uFEFF/, '').replace(escaped, written)
  if (!text.isWellFormed()) {
    throw new LookalikeError(
      'invalid_query',
      'The text holds half a surrogate pair, which is no character. Send it as UTF-8.',
    )
  }
  if (nesting(text) > maxNesting) {
    throw new LookalikeError(
      'query_refused',
      `The text nests brackets deeper than ${maxNesting} levels. Write it flatter, or ask in several queries.`,
    )
  }
  return text
}

function written(whole: string, before: string, four?: string, eight?: string): string {
  const code = Number.parseInt((four ?? eight)!, 16)
  if (code > 0x10ffff) return whole
  // A pair of halves is joined by standing side by side.
  const character = code > 0xffff ? String.fromCodePoint(code) : String.fromCharCode(code)
  return before + (escapes[character] ?? character)
}

function nesting(text: string): number {
  let depth = 0
  let deepest = 0
  for (const [token] of text.matchAll(bracketsAndCovers)) {
    if (token.length > 1) continue
    if ('([{'.includes(token)) deepest = Math.max(deepest, ++depth)
    else if (')]}'.includes(token)) depth = Math.max(0, depth - 1)
  }
  return deepest
}
