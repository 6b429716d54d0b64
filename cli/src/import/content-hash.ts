import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'

/** Files of up to this many bytes are read at once: a photograph of 20 kB takes twice as long by a stream. */
const readWhole = 1 << 20

/**
 * SHA-256 of a file's bytes, lower-case hex: what the server calls its content hash.
 *
 * @throws Error when the file cannot be read, or is larger than `maxBytes`
 */
export async function contentHash(path: string, maxBytes: number): Promise<string> {
  const { size } = await stat(path)
  // Said here, because the server could only say so after it has received all of it.
  if (size > maxBytes) {
    throw new Error(
      `The file has ${(size / 1e6).toFixed(1)} MB; the server accepts ${maxBytes / 1e6} MB ` +
        '(MAX_UPLOAD_MB). Send a smaller copy.',
    )
  }
  const hash = createHash('sha256')
  if (size <= readWhole) return hash.update(await readFile(path)).digest('hex')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
