import { isIPv6 } from 'node:net'

// https://www.rfc-editor.org/rfc/rfc3987#section-2.2; private characters may stand in queries alone.
const planes = Array.from({ length: 13 }, (_, n) => (n + 1).toString(16))
const foreign =
  '\\u{A0}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFEF}\\u{E1000}-\\u{EFFFD}' +
  planes.map((plane) => `\\u{${plane}0000}-\\u{${plane}FFFD}`).join('')
const privateUse = '\\u{E000}-\\u{F8FF}\\u{F0000}-\\u{FFFFD}\\u{100000}-\\u{10FFFD}'
const plain = `A-Za-z0-9._~!$&'()*+,;=${foreign}\\-`
const anyOf = (characters: string) => `(?:[${plain}${characters}]|%[0-9A-Fa-f]{2})*`
const iriPattern = new RegExp(
  '^[A-Za-z][A-Za-z0-9+.\\-]*:' +
    `(?://(?:${anyOf(':')}@)?(?:\\[(?<address>[^\\]]*)\\]|${anyOf('')})(?::[0-9]*)?(?=[/?#]|$)|(?!//))` +
    `${anyOf(':@/')}(?:\\?${anyOf(`:@/?${privateUse}`)})?(?:#${anyOf(':@/?')})?$`,
  'u',
)
const futureAddress = /^v[0-9A-Fa-f]+\.[A-Za-z0-9._~!$&'()*+,;=:-]+$/i

/** Whether a text is an IRI as RFC 3987 says, with a scheme; engines take no other. */
export function isIri(text: string): boolean {
  const match = iriPattern.exec(text)
  if (!match) return false
  const address = match.groups!['address']
  if (address === undefined) return true
  return futureAddress.test(address) || (isIPv6(address) && !address.includes('%'))
}
