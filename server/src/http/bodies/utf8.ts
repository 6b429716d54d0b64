import { LookalikeError } from '../../errors.ts'

const decoder = new TextDecoder('utf-8', { fatal: true })

/**
 * A body as text, without a byte order mark.
 *
 * @param contentType what the request says of its body
 * @throws LookalikeError `invalid_parameter` for what is not UTF-8, or says that it is not
 */
export function utf8Text(body: Uint8Array, contentType = ''): string {
  const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType)?.[1]
  if (charset && !/^(utf-?8|us-ascii)$/i.test(charset)) throw notUtf8(`The body is in ${charset}.`)
  try {
    return decoder.decode(body)
  } catch {
    throw notUtf8('The body is not UTF-8.')
  }
}

/**
 * The parameters of a query string or a form, which `URLSearchParams` would read with a replacement
 * character for every byte that is not UTF-8.
 *
 * @throws LookalikeError `invalid_parameter` for percent-encoded bytes that are not UTF-8
 */
export function utf8Parameters(text: string): URLSearchParams {
  try {
    // A bare % is one; whatever is encoded must be UTF-8.
    decodeURIComponent(text.replace(/%(?![0-9A-Fa-f]{2})/g, '%25'))
  } catch {
    throw notUtf8('The percent-encoded bytes are not UTF-8.')
  }
  return new URLSearchParams(text)
}

function notUtf8(what: string): LookalikeError {
  return new LookalikeError('invalid_parameter', `${what} Send text encoded as UTF-8.`)
}
