import type { ByteSource } from './byte-source.ts'

export interface Area {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

const maxBlocks = 10_000

/**
 * Where a GIF's first frame lies on its screen. What is outside shows nothing, though libvips makes it black.
 * Source: GIF89a specification, 20.
 */
export async function readFirstFrame(source: ByteSource): Promise<Area | undefined> {
  const head = await source.read(0, 13)
  let at = 13 + colourTable(head[10] ?? 0)
  for (let blocks = 0; blocks < maxBlocks; blocks++) {
    const block = await source.read(at, 10)
    if (block.length < 10) return undefined
    if (block[0] === 0x2c) {
      const [left, top, width, height] = [1, 3, 5, 7].map((offset) => block.readUInt16LE(offset))
      return { left: left!, top: top!, width: width!, height: height! }
    }
    if (block[0] !== 0x21) return undefined
    at = await afterSubBlocks(source, at + 2)
  }
  return undefined
}

function colourTable(flags: number): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1)
}

async function afterSubBlocks(source: ByteSource, from: number): Promise<number> {
  let at = from
  for (let blocks = 0; blocks < maxBlocks; blocks++) {
    const [size = 0] = await source.read(at, 1)
    at += 1 + size
    if (size === 0) break
  }
  return at
}
