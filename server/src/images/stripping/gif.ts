const extension = 0x21
const picture = 0x2c
const end = 0x3b
const graphicControl = 0xf9
const application = 0xff
/** How often a film is shown, and colours; all others are programs' own, XMP among them. */
const needed = ['NETSCAPE2.0', 'ANIMEXTS1.0', 'ICCRGBG1012']

/**
 * A GIF without comments, texts and what programs wrote, up to its end.
 *
 * Source: GIF89a, 17 to 27.
 */
export function stripGif(bytes: Buffer): Buffer {
  const afterScreen = 13 + tableLength(bytes[10]!)
  const kept = [bytes.subarray(0, afterScreen)]
  for (let at = afterScreen; at < bytes.length;) {
    const kind = bytes[at]
    if (kind === end) {
      kept.push(bytes.subarray(at, at + 1))
      break
    }
    if (kind === picture) {
      const after = afterBlocks(bytes, at + 11 + tableLength(bytes[at + 9] ?? 0))
      kept.push(bytes.subarray(at, after))
      at = after
    } else if (kind === extension) {
      const after = afterBlocks(bytes, at + 2)
      if (isNeeded(bytes, at)) kept.push(bytes.subarray(at, after))
      at = after
    } else {
      // What is none of these is passed by, as viewers do.
      at++
    }
  }
  return Buffer.concat(kept)
}

function isNeeded(bytes: Buffer, at: number): boolean {
  if (bytes[at + 1] === graphicControl) return true
  return bytes[at + 1] === application && needed.includes(bytes.toString('latin1', at + 3, at + 14))
}

function afterBlocks(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && bytes[at] !== 0) at += bytes[at]! + 1
  return Math.min(at + 1, bytes.length)
}

function tableLength(packed: number): number {
  return packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0
}
