import { damaged, checkPixels, notRead } from '../refusals.ts'
import { plainTiff } from './plain-tiff.ts'

interface Layout {
  readonly width: number
  readonly height: number
  readonly topDown: boolean
  readonly bits: number
  readonly compression: number
  readonly pixels: number
  readonly palette: Uint8Array[]
  /** Of red, green, blue and alpha; 0 for a channel that is not there. */
  readonly masks: readonly number[]
}

const none = 0
const rle8 = 1
const rle4 = 2
const bitfields = 3
const alphaBitfields = 6

/**
 * Reads a Windows bitmap, versions 2 to 5. Source: Microsoft, "Bitmap Storage".
 *
 * @returns the same pixels as an uncompressed TIFF
 * @throws LookalikeError `invalid_image`, `image_too_many_pixels`
 */
export function readBmp(file: Buffer, maxMegapixels: number): Buffer {
  try {
    const layout = readLayout(file)
    const { width, height } = layout
    if (width < 1 || height < 1) throw damaged('bmp')
    checkPixels(width, height, maxMegapixels)
    const rgba = new Uint8Array(width * height * 4)
    if (layout.compression === rle8 || layout.compression === rle4) unpack(file, layout, rgba)
    else readRows(file, layout, rgba)
    const channels = hasAlpha(layout, rgba) ? 4 : 3
    return plainTiff({ width, height, channels }, (pixels) => {
      for (let from = 0, to = 0; from < rgba.length; from += 4) {
        for (let channel = 0; channel < channels; channel++) pixels[to++] = rgba[from + channel]!
      }
    })
  } catch (error) {
    // Reading past the end of the file.
    if (error instanceof RangeError) throw damaged('bmp', error)
    throw error
  }
}

function readLayout(file: Buffer): Layout {
  const header = file.readUInt32LE(14)
  const isOld = header === 12
  const width = isOld ? file.readUInt16LE(18) : file.readInt32LE(18)
  const rows = isOld ? file.readUInt16LE(20) : file.readInt32LE(22)
  const bits = file.readUInt16LE(isOld ? 24 : 28)
  const compression = isOld ? none : file.readUInt32LE(30)
  const known = compression <= bitfields || compression === alphaBitfields
  if (!known) throw notRead(`a BMP compressed by method ${compression}, which is not read here`)
  if (![1, 2, 4, 8, 16, 24, 32].includes(bits)) throw notRead(`a BMP of ${bits} bits a pixel, which is not read here`) // prettier-ignore
  const hasMasks = compression === bitfields || compression === alphaBitfields
  const count = bits > 8 ? 0 : (isOld ? 0 : file.readUInt32LE(46)) || 2 ** bits
  const trailing = header === 40 && hasMasks ? (compression === alphaBitfields ? 16 : 12) : 0
  const size = isOld ? 3 : 4
  const palette = Array.from({ length: Math.min(count, 256) }, (_, index) => {
    const at = 14 + header + trailing + index * size
    return Uint8Array.of(file.readUInt8(at + 2), file.readUInt8(at + 1), file.readUInt8(at), 255)
  })
  const plain = bits === 16 ? [0x7c00, 0x3e0, 0x1f, 0] : [0xff0000, 0xff00, 0xff, 0xff000000]
  const read = [0, 1, 2].map((index) => (hasMasks ? file.readUInt32LE(54 + index * 4) : plain[index]!)) // prettier-ignore
  const inHeader = header >= 56 || compression === alphaBitfields
  const alpha = hasMasks ? (inHeader ? file.readUInt32LE(66) : 0) : plain[3]!
  return {
    width,
    height: Math.abs(rows),
    topDown: rows < 0,
    bits,
    compression,
    pixels: file.readUInt32LE(10),
    palette,
    masks: [...read, alpha],
  }
}

function readRows(file: Buffer, layout: Layout, rgba: Uint8Array): void {
  const { width, height, bits, palette } = layout
  const stride = Math.ceil((width * bits) / 32) * 4
  // Programs leave away the padding of the last row.
  if (layout.pixels + stride * (height - 1) + Math.ceil((width * bits) / 8) > file.length) throw damaged('bmp') // prettier-ignore
  const channels = layout.masks.map(channelOf)
  for (let row = 0; row < height; row++) {
    const from = layout.pixels + stride * row
    let to = targetRow(layout, row) * width * 4
    for (let x = 0; x < width; x++, to += 4) {
      if (bits === 24) {
        rgba[to] = file[from + x * 3 + 2]!
        rgba[to + 1] = file[from + x * 3 + 1]!
        rgba[to + 2] = file[from + x * 3]!
        rgba[to + 3] = 255
      } else if (bits <= 8) {
        const index = (file[from + ((x * bits) >> 3)]! >> (8 - bits - ((x * bits) & 7))) & (2 ** bits - 1) // prettier-ignore
        rgba.set(palette[index] ?? [0, 0, 0, 255], to)
      } else {
        const value =
          bits === 16 ? file.readUInt16LE(from + x * 2) : file.readUInt32LE(from + x * 4)
        for (let channel = 0; channel < 4; channel++) rgba[to + channel] = channels[channel]!(value)
      }
    }
  }
}

/** Run lengths of palette colours; what is left out shows nothing, and comes out black as viewers show it. */
function unpack(file: Buffer, layout: Layout, rgba: Uint8Array): void {
  const { width, height, palette } = layout
  const isNibble = layout.compression === rle4
  for (let at = 0; at < rgba.length; at += 4) rgba.set(palette[0] ?? [0, 0, 0, 255], at)
  let at = layout.pixels
  let x = 0
  let y = 0
  const put = (index: number) => {
    if (x < width && y < height) rgba.set(palette[index] ?? [0, 0, 0, 255], (targetRow(layout, y) * width + x) * 4) // prettier-ignore
    x++
  }
  while (y < height) {
    const count = file.readUInt8(at++)
    const value = file.readUInt8(at++)
    if (count > 0) {
      for (let k = 0; k < count; k++)
        put(isNibble ? (k % 2 === 0 ? value >> 4 : value & 15) : value)
    } else if (value === 0) {
      x = 0
      y++
    } else if (value === 1) {
      return
    } else if (value === 2) {
      x += file.readUInt8(at++)
      y += file.readUInt8(at++)
    } else {
      for (let k = 0; k < value; k++) {
        const byte = file.readUInt8(at + (isNibble ? k >> 1 : k))
        put(isNibble ? (k % 2 === 0 ? byte >> 4 : byte & 15) : byte)
      }
      const bytes = isNibble ? Math.ceil(value / 2) : value
      at += bytes + (bytes % 2)
    }
  }
}

function targetRow({ topDown, height }: Layout, row: number): number {
  return topDown ? row : height - 1 - row
}

function channelOf(mask: number): (value: number) => number {
  if (mask === 0) return () => 255
  const shift = 31 - Math.clz32(mask & -mask)
  const max = mask >>> shift
  return (value) => Math.round((((value & mask) >>> shift) * 255) / max)
}

/** Most programs leave the fourth byte of 32 at nothing, and mean an opaque picture. */
function hasAlpha({ bits, masks, compression }: Layout, rgba: Uint8Array): boolean {
  if (bits <= 24 && compression !== bitfields && compression !== alphaBitfields) return false
  if (masks[3] === 0) return false
  let seen = false
  let hidden = false
  for (let at = 3; at < rgba.length; at += 4) {
    seen ||= rgba[at] !== 0
    hidden ||= rgba[at] !== 255
  }
  return seen && hidden
}
