import { readExifOrientation, withOrientation } from '../sniffing/jpeg.ts'

const start = 0xd8
const end = 0xd9
const scan = 0xda

/**
 * A JPEG with the segments that its pixels and their colours need, up to its end: what cameras append (other
 * pictures, films) goes. Stray bytes between segments go as well.
 *
 * Source: ITU-T T.81, B.1.
 *
 * @param keepsTurn false leaves out also how the picture is to be turned
 */
export function stripJpeg(bytes: Buffer, keepsTurn: boolean): Buffer {
  const kept: Buffer[] = []
  let orientation: number | undefined
  let at = 2
  for (;;) {
    at = nextMarker(bytes, at)
    if (at >= bytes.length) break
    const marker = bytes[at + 1]!
    if (marker === end) {
      kept.push(bytes.subarray(at, at + 2))
      break
    }
    if (standsAlone(marker)) {
      if (marker !== start) kept.push(bytes.subarray(at, at + 2))
      at += 2
      continue
    }
    // Without a length, nothing more can be read of it.
    if (at + 4 > bytes.length) break
    const after = at + 2 + bytes.readUInt16BE(at + 2)
    const body = bytes.subarray(at + 4, after)
    if (marker === 0xe1) orientation ??= readExifOrientation(body)
    if (marker === 0xe0 && startsWith(body, 'JFIF\0')) kept.push(plainJfif(body))
    else if (isNeeded(marker, body)) kept.push(bytes.subarray(at, after))
    at = after
    if (marker === scan) {
      const scanEnd = endOfScan(bytes, after)
      kept.push(bytes.subarray(after, scanEnd))
      at = scanEnd
    }
  }
  const stripped = Buffer.concat([Buffer.of(0xff, start), ...kept])
  if (!keepsTurn || orientation === undefined || orientation === 1) return stripped
  return withOrientation(stripped, orientation)
}

/** How a JPEG says that it is to be turned: 1 to 8, 1 where it says nothing. */
export function turnOfJpeg(bytes: Buffer): number {
  for (let at = nextMarker(bytes, 2); at + 4 <= bytes.length;) {
    const marker = bytes[at + 1]!
    if (marker === scan || marker === end) break
    const after = standsAlone(marker) ? at + 2 : at + 2 + bytes.readUInt16BE(at + 2)
    const turn = marker === 0xe1 ? readExifOrientation(bytes.subarray(at + 4, after)) : undefined
    if (turn !== undefined) return turn
    at = nextMarker(bytes, after)
  }
  return 1
}

function isNeeded(marker: number, body: Buffer): boolean {
  const isOfPixels = (marker >= 0xc0 && marker <= 0xdf) || marker === 0xf7 || marker === 0xf8
  if (isOfPixels) return true
  // How its numbers become colours: a profile, or Adobe's word for what the components are.
  if (marker === 0xe2) return startsWith(body, 'ICC_PROFILE\0')
  return marker === 0xee && startsWith(body, 'Adobe')
}

/** JFIF may have a thumbnail, which shows what a crop was to hide. */
function plainJfif(body: Buffer): Buffer {
  const facts = Buffer.from(body.subarray(0, 14))
  facts.fill(0, 12)
  return segment(0xe0, facts)
}

function segment(marker: number, body: Buffer): Buffer {
  const head = Buffer.of(0xff, marker, 0, 0)
  head.writeUInt16BE(body.length + 2, 2)
  return Buffer.concat([head, body])
}

/** Where the next marker is that is none of a scan's own. */
function endOfScan(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const marker = bytes[at + 1]
    if (marker === undefined) break
    if (marker !== 0 && marker !== 0xff && !(marker >= 0xd0 && marker <= 0xd7)) return at
  }
  return bytes.length
}

function nextMarker(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(0xff, from); at !== -1; at = bytes.indexOf(0xff, at + 1)) {
    const marker = bytes[at + 1]
    if (marker !== undefined && marker !== 0 && marker !== 0xff) return at
  }
  return bytes.length
}

function standsAlone(marker: number): boolean {
  return marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8)
}

function startsWith(body: Buffer, text: string): boolean {
  return body.toString('latin1', 0, text.length) === text
}
