import { pipeline, type Readable, type Transform } from 'node:stream'
import {
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from 'node:zlib'

const decoders: Record<string, () => Transform> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
}

/** What a server may send a file in. */
export const acceptedEncodings = 'gzip, deflate, br, zstd'
const maxEncodings = 3

/**
 * The body as it was before it was encoded for the way; nothing is decoded before it is asked for.
 *
 * @param encodings the header `Content-Encoding`
 * @returns undefined where one of them is not known
 */
export function decoded(body: Readable, encodings = ''): Readable | undefined {
  const names = encodings.toLowerCase().split(',').map((name) => name.trim()).filter((name) => name !== '' && name !== 'identity') // prettier-ignore
  if (names.length > maxEncodings) return undefined
  let stream = body
  for (const name of names.toReversed()) {
    const decoder = Object.hasOwn(decoders, name) ? decoders[name]!() : undefined
    if (!decoder) return undefined
    // Whoever reads the last stream hears of a failure in any.
    stream = pipeline(stream, decoder, () => {})
  }
  return stream
}
