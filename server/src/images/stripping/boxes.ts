/** A box of an ISO base media file, read of the bytes of the whole file. */
export interface MediaBox {
  readonly type: string
  /** Where it begins with its size, its content begins, and both end. */
  readonly at: number
  readonly start: number
  readonly end: number
}

/** The boxes between two places, one level deep. Source: ISO/IEC 14496-12, 4.2. */
export function boxesIn(bytes: Buffer, from: number, to: number): MediaBox[] {
  const boxes: MediaBox[] = []
  for (let at = from; at + 8 <= to;) {
    const short = bytes.readUInt32BE(at)
    const isLong = short === 1
    const size = short === 0 ? to - at : isLong ? Number(bytes.readBigUInt64BE(at + 8)) : short
    if (size < (isLong ? 16 : 8)) break
    const end = Math.min(at + size, to)
    boxes.push({
      type: bytes.toString('latin1', at + 4, at + 8),
      at,
      start: at + (isLong ? 16 : 8),
      end,
    })
    at = end
  }
  return boxes
}
