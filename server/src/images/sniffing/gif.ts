import type { ByteSource } from './byte-source.ts'

export interface Area {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

/** The first frame begins behind a colour table and what the program that wrote it had to say. */
const headBytes = 1 << 16

/**
 * Where a GIF's first frame lies on its screen. What is outside shows nothing, though libvips makes it black.
 * Source: GIF89a specification, 20.
 */
export async function readFirstFrame(source: ByteSource): Promise<Area | undefined> {
  const head = await source.read(0, headBytes)
  let at = 13 + colourTable(head[10] ?? 0)
  while (at + 10 <= head.length && head[at] === 0x21) at = afterSubBlocks(head, at + 2)
  if (at + 10 > head.length || head[at] !== 0x2c) return undefined
  const [left, top, width, height] = [1, 3, 5, 7].map((offset) => head.readUInt16LE(at + offset))
  return { left: left!, top: top!, width: width!, height: height! }
}

function colourTable(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1)
}

function afterSubBlocks(head: Buffer, from: number): number {
  let at = from
  while (at < head.length && head[at] !== 0) at += 1 + head[at]!
  return at + 1
}
