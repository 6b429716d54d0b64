import { readFile } from 'node:fs/promises'
import { LookalikeError } from '../../errors.ts'
import type { ImageFormat } from '../image.ts'
import { damaged, notRead } from '../refusals.ts'
import { readBmp } from './bmp.ts'
import { damageIn } from './complaints.ts'
import { readHeif } from './heif.ts'
import { readJpegXl } from './jpeg-xl.ts'
import { readPixels, type Pixels } from './pixels.ts'
import { memoryDenied } from './wasm-memory.ts'

/** A picture that is to be decoded apart from the server. */
export interface Task {
  readonly file: string | Uint8Array
  readonly format: ImageFormat
  readonly maxMegapixels: number
  /** Of the decoded picture, at most; in pixels. */
  readonly edge: number
  readonly alpha: number | null | undefined
}

/**
 * Decodes what needs a decoder of its own, and what libvips would not take at once. One picture at a time: what
 * libvips complains of is known for the whole process only.
 *
 * @throws LookalikeError with the true reason
 */
export async function decodeApart(task: Task): Promise<Pixels> {
  const { format, maxMegapixels, edge, alpha } = task
  memoryDenied() // what an earlier picture was denied is no concern of this one
  const bytes = typeof task.file === 'string' ? await readFile(task.file) : Buffer.from(task.file)
  try {
    if (format === 'jpeg') return await decodeJpeg(bytes, maxMegapixels, edge)
    const plain = await convert(bytes, format, maxMegapixels)
    return await readPixels(plain, { maxMegapixels, edge, failOn: 'warning', alpha })
  } catch (error) {
    if (memoryDenied()) throw notRead('a picture that takes more memory to decode than it is given here', error) // prettier-ignore
    throw error instanceof LookalikeError ? error : damaged(format, error)
  }
}

async function convert(bytes: Buffer, format: ImageFormat, maxMegapixels: number): Promise<Buffer> {
  if (format === 'heic') return readHeif(bytes, maxMegapixels)
  if (format === 'jxl') return readJpegXl(bytes, maxMegapixels)
  if (format === 'bmp') return readBmp(bytes, maxMegapixels)
  return bytes
}

/**
 * A JPEG that is cut ends with a picture half drawn, one that merely lacks its end marker does not. With the marker
 * put there, libjpeg complains of the first alone.
 */
async function decodeJpeg(bytes: Buffer, maxMegapixels: number, edge: number): Promise<Pixels> {
  const complaints: string[] = []
  const pixels = await readPixels(Buffer.concat([bytes, Buffer.from([0xff, 0xd9])]), {
    maxMegapixels,
    edge,
    failOn: 'none',
    onWarning: (text) => complaints.push(text),
  })
  const damage = damageIn(complaints)
  if (damage.length > 0) throw damaged('jpeg', new Error(damage.join('; ')))
  return pixels
}
