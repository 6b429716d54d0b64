import { turnAlone } from './orientation.ts'

const needed = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH', 'ANIM', 'ANMF', 'ICCP'])
/** Of VP8X: which chunks a file has. */
const hasExif = 0x08
const hasXmp = 0x04

/**
 * A WebP without EXIF, XMP and chunks that nobody knows, up to its end.
 *
 * Source: RFC 9649, 2.7.
 */
export function stripWebp(bytes: Buffer): Buffer {
  const end = Math.min(bytes.length, 8 + bytes.readUInt32LE(4))
  const kept: Buffer[] = []
  let turn: Buffer | null = null
  for (let at = 12; at + 8 <= end;) {
    const type = bytes.toString('latin1', at, at + 4)
    const length = bytes.readUInt32LE(at + 4)
    const after = at + 8 + length + (length % 2)
    if (needed.has(type)) kept.push(Buffer.from(bytes.subarray(at, Math.min(after, end))))
    if (type === 'EXIF') turn ??= turnAlone(bytes.subarray(at + 8, at + 8 + length))
    at = after
  }
  const flags = kept.find((chunk) => chunk.toString('latin1', 0, 4) === 'VP8X')
  if (flags) flags[8] = (flags[8]! & ~(hasExif | hasXmp)) | (turn ? hasExif : 0)
  if (turn) kept.push(chunk('EXIF', turn))
  const body = Buffer.concat(kept)
  const head = Buffer.from('RIFF    WEBP', 'latin1')
  head.writeUInt32LE(body.length + 4, 4)
  return Buffer.concat([head, body])
}

function chunk(type: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(type, 'latin1')
  head.writeUInt32LE(content.length, 4)
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)])
}
