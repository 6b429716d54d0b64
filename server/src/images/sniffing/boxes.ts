import type { ByteSource } from './byte-source.ts'

export interface Box {
  readonly type: string
  /** Where its content begins and ends. */
  readonly start: number
  readonly end: number
}

const maxBoxes = 1000

/** The boxes of an ISO base media file between two places, one level deep. Source: ISO/IEC 14496-12, 4.2. */
export async function readBoxes(source: ByteSource, from: number, to: number): Promise<Box[]> {
  const boxes: Box[] = []
  let at = from
  while (at + 8 <= to && boxes.length < maxBoxes) {
    const head = await source.read(at, 32)
    if (head.length < 8) break
    const type = head.toString('latin1', 4, 8)
    const short = head.readUInt32BE(0)
    const isLong = short === 1 && head.length >= 16
    const size = short === 0 ? to - at : isLong ? Number(head.readBigUInt64BE(8)) : short
    // A box that is a name of 16 bytes carries it in front of its content.
    const own = (isLong ? 16 : 8) + (type === 'uuid' ? 16 : 0)
    if (size < own) break
    const id = type === 'uuid' ? head.toString('hex', own - 16, own) : ''
    boxes.push({ type: type + id, start: at + own, end: Math.min(at + size, to) })
    at += size
  }
  return boxes
}
