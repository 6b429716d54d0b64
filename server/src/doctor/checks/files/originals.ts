import { createHash } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { LookalikeError } from '../../../errors.ts'
import { isOwnThumbnail } from '../../../images/encode.ts'
import { perceptualHash } from '../../../images/perceptual-hash.ts'
import { stripMetadata } from '../../../images/stripping/strip.ts'
import { isNear } from '../../../records/perceptual.ts'
import type { FileFacts } from '../../../records/record.ts'
import type { Patient } from '../../patient.ts'

/**
 * `damaged`: its bytes are not those that were kept. `resized`: they are, and the record says another length.
 */
export type OriginalState = 'whole' | 'gone' | 'truncated' | 'damaged' | 'resized'

/**
 * How an original is, by its length and its content hash. One that was kept without its metadata (STRIP_METADATA) has
 * another hash than the file that was sent: it is whole when nothing could be taken out of it, and it still shows the
 * same picture.
 *
 * @param quick by its length alone
 */
export async function originalState(
  { files, decode, config }: Patient,
  file: FileFacts,
  quick: boolean,
): Promise<OriginalState> {
  if (quick) {
    const size = await files.size('original', file.sha256)
    return size === null ? 'gone' : size === file.bytes ? 'whole' : 'truncated'
  }
  const found = await files.read('original', file.sha256)
  if (!found) return 'gone'
  const hash = createHash('sha256')
  for await (const chunk of found.stream) hash.update(chunk as Buffer)
  if (hash.digest('hex') === file.sha256) return found.bytes === file.bytes ? 'whole' : 'resized'
  if (found.bytes !== file.bytes) return 'truncated'
  if (!config.STRIP_METADATA) return 'damaged'
  const again = await files.read('original', file.sha256)
  const bytes = again && (await buffer(again.stream))
  return bytes && (await isStripped(bytes, file, decode)) ? 'whole' : 'damaged'
}

async function isStripped(
  bytes: Buffer,
  { phash }: FileFacts,
  decode: Patient['decode'],
): Promise<boolean> {
  try {
    const stripped = await stripMetadata(bytes)
    if (!stripped.equals(bytes)) return false
    const image = await decode(bytes)
    const hash = await perceptualHash(image)
    return phash === undefined || phash === hash || isNear(phash, hash)
  } catch (error) {
    if (error instanceof LookalikeError) return false
    throw error
  }
}

/** Whether a thumbnail of the first size is there and whole, by its own account of its length; null where it needs none. */
export async function hasThumbnail({ files }: Patient, file: FileFacts): Promise<boolean | null> {
  if (isOwnThumbnail(file)) return null
  const found = await files.read('thumbnail', file.sha256)
  return found !== null && isWholeWebp(await buffer(found.stream))
}

/** RIFF says in its bytes 4 to 7 how many follow: https://developers.google.com/speed/webp/docs/riff_container */
export function isWholeWebp(bytes: Buffer): boolean {
  return (
    bytes.length > 20 &&
    bytes.toString('latin1', 0, 4) === 'RIFF' &&
    bytes.toString('latin1', 8, 12) === 'WEBP' &&
    bytes.readUInt32LE(4) + 8 === bytes.length
  )
}
