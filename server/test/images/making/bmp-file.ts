import { quarterColours, quarterPixels } from './quarters.ts'

export type BmpKind = '1' | '4' | '8' | '16' | '565' | '24' | '32' | 'alpha' | 'rle4' | 'rle8' | 'os2' | 'top down' // prettier-ignore
export const bmpKinds: BmpKind[] = ['1', '4', '8', '16', '565', '24', '32', 'alpha', 'rle4', 'rle8', 'os2', 'top down'] // prettier-ignore

/** The four quarters as a bitmap of this kind; with one bit, black and white in their place. */
export function bmpFile(kind: BmpKind, width = 64, height = 48): Buffer {
  const rgb = quarterPixels(width, height)
  const palette = kind === '1' ? [[0, 0, 0], [255, 255, 255]] : Object.values(quarterColours) // prettier-ignore
  const indexAt = (x: number, y: number) => {
    const quarter = (y < height / 2 ? 0 : 2) + (x < width / 2 ? 0 : 1)
    return kind === '1' ? quarter % 2 : quarter
  }
  const bits = { '1': 1, '4': 4, '8': 8, '16': 16, '565': 16, '24': 24, '32': 32, alpha: 32, rle4: 4, rle8: 8, os2: 24, 'top down': 24 }[kind] // prettier-ignore
  const rows = Array.from({ length: height }, (_, row) => {
    const y = kind === 'top down' ? row : height - 1 - row
    if (kind === 'rle4' || kind === 'rle8')
      return runs(width, (x) => indexAt(x, y), kind === 'rle4')
    const line = Buffer.alloc(Math.ceil((width * bits) / 32) * 4)
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3
      const [r, g, b] = [rgb[at]!, rgb[at + 1]!, rgb[at + 2]!]
      if (bits === 32)
        line.writeUInt32LE((((kind === 'alpha' ? (x < width / 2 ? 255 : 0) : 0) << 24) | (r << 16) | (g << 8) | b) >>> 0, x * 4) // prettier-ignore
      else if (bits === 24) line.set([b, g, r], x * 3)
      else if (kind === '565')
        line.writeUInt16LE(((r >> 3) << 11) | ((g >> 2) << 5) | (b >> 3), x * 2)
      else if (bits === 16) line.writeUInt16LE(((r >> 3) << 10) | ((g >> 3) << 5) | (b >> 3), x * 2)
      else line[(x * bits) >> 3]! |= indexAt(x, y) << (8 - bits - ((x * bits) & 7))
    }
    return line
  })
  if (kind.startsWith('rle')) rows.push(Buffer.of(0, 1))
  const pixels = Buffer.concat(rows)
  const masks = kind === '565' ? [0xf800, 0x7e0, 0x1f] : kind === 'alpha' ? [0xff0000, 0xff00, 0xff, 0xff000000] : [] // prettier-ignore
  const header = kind === 'os2' ? 12 : kind === 'alpha' ? 56 : 40
  const colours = bits <= 8 ? palette : []
  const before = 14 + header + (kind === '565' ? 12 : 0) + colours.length * 4
  const head = Buffer.alloc(before)
  head.write('BM')
  head.writeUInt32LE(before + pixels.length, 2)
  head.writeUInt32LE(before, 10)
  head.writeUInt32LE(header, 14)
  if (kind === 'os2') {
    head.writeUInt16LE(width, 18)
    head.writeUInt16LE(height, 20)
    head.writeUInt16LE(1, 22)
    head.writeUInt16LE(bits, 24)
  } else {
    head.writeInt32LE(width, 18)
    head.writeInt32LE(kind === 'top down' ? -height : height, 22)
    head.writeUInt16LE(1, 26)
    head.writeUInt16LE(bits, 28)
    head.writeUInt32LE(kind === 'rle8' ? 1 : kind === 'rle4' ? 2 : masks.length > 0 ? 3 : 0, 30)
    head.writeUInt32LE(colours.length, 46)
    masks.forEach((mask, index) => head.writeUInt32LE(mask >>> 0, 54 + index * 4))
    colours.forEach(([r, g, b], index) => head.set([b!, g!, r!, 0], before - colours.length * 4 + index * 4)) // prettier-ignore
  }
  return Buffer.concat([head, pixels])
}

function runs(width: number, indexAt: (x: number) => number, isNibble: boolean): Buffer {
  const bytes: number[] = []
  for (let x = 0; x < width;) {
    let length = 1
    while (x + length < width && length < 255 && indexAt(x + length) === indexAt(x)) length++
    const index = indexAt(x)
    bytes.push(length, isNibble ? index * 17 : index)
    x += length
  }
  return Buffer.from([...bytes, 0, 0])
}
