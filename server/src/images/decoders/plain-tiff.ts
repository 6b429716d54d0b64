import { Buffer } from 'node:buffer'

/** Where the pixels of {@link plainTiff} begin. */
const head = 256

export interface PlainPixels {
  readonly width: number
  readonly height: number
  /** 1 and 2 are grey, 3 and 4 RGB; an even number has alpha at the end, not premultiplied. */
  readonly channels: 1 | 2 | 3 | 4
  /** Bits of each value; those of 16 are written low byte first. */
  readonly depth?: 8 | 16
  readonly icc?: Uint8Array | undefined
}

/**
 * An uncompressed TIFF around pixels: the form in which pixels and their colour profile reach libvips,
 * which takes no profile with bare pixels.
 *
 * @param fill writes `width * height * channels` values of 8 or 16 bits
 */
export function plainTiff(
  { width, height, channels, depth = 8, icc }: PlainPixels,
  fill: (pixels: Uint8Array) => void,
): Buffer {
  const bytes = width * height * channels * (depth / 8)
  const file = Buffer.alloc(head + bytes + (icc?.length ?? 0))
  const short = 3
  const long = 4
  const bits = 200
  const entries: [tag: number, type: number, count: number, value: number][] = [
    [256, long, 1, width],
    [257, long, 1, height],
    [258, short, channels, channels < 3 ? depth | (depth << 16) : bits],
    [259, short, 1, 1],
    [262, short, 1, channels < 3 ? 1 : 2],
    [273, long, 1, head],
    [274, short, 1, 1],
    [277, short, 1, channels],
    [278, long, 1, height],
    [279, long, 1, bytes],
    [284, short, 1, 1],
    ...(channels % 2 === 0 ? [[338, short, 1, 2] as [number, number, number, number]] : []),
    ...(icc ? [[34_675, 7, icc.length, head + bytes] as [number, number, number, number]] : []),
  ]
  file.write('II*\0', 'latin1')
  file.writeUInt32LE(8, 4)
  file.writeUInt16LE(entries.length, 8)
  entries.forEach(([tag, type, count, value], index) => {
    const at = 10 + index * 12
    file.writeUInt16LE(tag, at)
    file.writeUInt16LE(type, at + 2)
    file.writeUInt32LE(count, at + 4)
    file.writeUInt32LE(value, at + 8)
  })
  for (let channel = 0; channel < 4; channel++) file.writeUInt16LE(depth, bits + channel * 2)
  fill(file.subarray(head, head + bytes))
  if (icc) file.set(icc, head + bytes)
  return file
}
