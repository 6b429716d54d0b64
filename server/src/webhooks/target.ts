import { isIP } from 'node:net'
import { LookalikeError } from '../errors.ts'
import type { AddressCheck } from '../downloads/public-addresses.ts'

const longest = 2000

/**
 * Where messages may be sent, as far as the address itself tells; what its name leads to is checked as each connection
 * is made.
 *
 * @throws LookalikeError `blocked_url`, `invalid_parameter`
 */
export function checkTarget(text: string, isAllowed: AddressCheck): URL {
  const url = text.length > longest ? null : URL.parse(text)
  if (!url) {
    throw new LookalikeError('invalid_parameter', 'webhook: must be the URL of a receiver.')
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new LookalikeError('blocked_url', `webhook leads to ${url.protocol}, and only http: and https: are called.`) // prettier-ignore
  }
  if (url.username !== '' || url.password !== '') {
    throw new LookalikeError('blocked_url', 'webhook must hold no user and no password: messages are signed instead.') // prettier-ignore
  }
  // A socket looks up names only: an address in the URL itself would pass by the look-up.
  const address = url.hostname.replace(/^\[|\]$/g, '')
  if (isIP(address) !== 0 && !isAllowed(address)) {
    throw new LookalikeError('blocked_url', `webhook ${notPublic}`)
  }
  return url
}

/** Does not say which address it is: a caller could map this network by asking. */
export const notPublic =
  'leads to an address that is not public. Where this server is meant to call that network, name its range in ALLOW_PRIVATE_URLS.'
