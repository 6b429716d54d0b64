import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { damaged, checkPixels } from '../refusals.ts'
import { plainTiff } from './plain-tiff.ts'

/**
 * Reads JPEG XL by libjxl: its first picture, turned as the file says, in sRGB.
 *
 * @returns the same pixels as an uncompressed TIFF
 * @throws LookalikeError `invalid_image`, `image_too_many_pixels`
 */
export async function readJpegXl(file: Buffer, maxMegapixels: number): Promise<Buffer> {
  const announced = readSize(file)
  if (!announced) throw damaged('jxl')
  checkPixels(announced.width, announced.height, maxMegapixels)
  // What the decoder answers with in a browser.
  Object.assign(globalThis, { ImageData: Picture })
  const { default: decode, init } = await import('@jsquash/jxl/decode.js')
  const wasm = createRequire(import.meta.url).resolve('@jsquash/jxl/codec/dec/jxl_dec.wasm')
  await init(await WebAssembly.compile(await readFile(wasm)))
  let picture: ImageData
  try {
    picture = await decode(new Uint8Array(file).buffer)
  } catch (error) {
    throw damaged('jxl', error)
  }
  const { width, height, data } = picture
  return plainTiff({ width, height, channels: 4 }, (pixels) => pixels.set(data))
}

class Picture {
  readonly data: Uint8ClampedArray
  readonly width: number
  readonly height: number

  constructor(data: Uint8ClampedArray, width: number, height: number) {
    this.data = data
    this.width = width
    this.height = height
  }
}

const ratios = [0, 1, 12 / 10, 4 / 3, 3 / 2, 16 / 9, 5 / 4, 2]

/** The announced size. Source: ISO/IEC 18181-1, "SizeHeader". */
function readSize(file: Buffer): { width: number; height: number } | undefined {
  const stream = codestream(file)
  if (!stream || stream.length < 12) return undefined
  let at = 16
  const bits = (count: number) => {
    let value = 0
    for (let k = 0; k < count; k++, at++) value += ((stream[at >> 3]! >> (at & 7)) & 1) * 2 ** k
    return value
  }
  const small = bits(1) === 1
  const edge = () => (small ? (bits(5) + 1) * 8 : bits([9, 13, 18, 30][bits(2)]!) + 1)
  const height = edge()
  const ratio = bits(3)
  return { height, width: ratio === 0 ? edge() : Math.floor(height * ratios[ratio]!) }
}

/** Bare, or in the first box that holds it. */
function codestream(file: Buffer): Buffer | undefined {
  if (file[0] === 0xff) return file
  for (let at = 0; at + 16 <= file.length;) {
    const size = file.readUInt32BE(at)
    const type = file.toString('latin1', at + 4, at + 8)
    const head = size === 1 ? 16 : 8
    if (type === 'jxlc') return file.subarray(at + head)
    if (type === 'jxlp') return file.subarray(at + head + 4)
    const length = size === 1 ? Number(file.readBigUInt64BE(at + 8)) : size
    if (length < head) return undefined
    at += length
  }
  return undefined
}
