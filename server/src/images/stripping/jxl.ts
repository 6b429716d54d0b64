import { boxesIn } from './boxes.ts'

/** Source: ISO/IEC 18181-2. What a JPEG is made whole again from has the JPEG's own segments in it. */
const needed = new Set(['JXL ', 'ftyp', 'jxll', 'jxlc', 'jxlp'])

/** A JPEG XL without EXIF, XMP and boxes that nobody knows; a bare codestream has none. */
export function stripJxl(bytes: Buffer): Buffer {
  if (bytes[0] === 0xff) return bytes
  const boxes = boxesIn(bytes, 0, bytes.length).filter(({ type }) => needed.has(type))
  return Buffer.concat(boxes.map(({ at, end }) => bytes.subarray(at, end)))
}
