import { crc32 } from 'node:zlib'
import { turnAlone } from './orientation.ts'

const signatureLength = 8

/** What pixels, their colours and their film need. Source: PNG, third edition, 4.8. */
const needed = new Set(
  'IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD hIST pHYs sPLT acTL fcTL fdAT CgBI'.split(' '), // prettier-ignore
)

/** A PNG without texts, times and EXIF, up to its end. */
export function stripPng(bytes: Buffer): Buffer {
  const kept = [bytes.subarray(0, signatureLength)]
  for (let at = signatureLength; at + 8 <= bytes.length;) {
    const length = bytes.readUInt32BE(at)
    const type = bytes.toString('latin1', at + 4, at + 8)
    const after = at + 12 + length
    if (needed.has(type)) kept.push(bytes.subarray(at, after))
    if (type === 'eXIf') {
      const turn = turnAlone(bytes.subarray(at + 8, at + 8 + length))
      if (turn) kept.push(chunk('eXIf', turn))
    }
    if (type === 'IEND') break
    at = after
  }
  return Buffer.concat(kept)
}

function chunk(type: string, content: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content])
  const whole = Buffer.alloc(body.length + 8)
  whole.writeUInt32BE(content.length)
  body.copy(whole, 4)
  whole.writeUInt32BE(crc32(body), body.length + 4)
  return whole
}
