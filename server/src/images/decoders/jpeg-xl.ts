import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { damaged, checkPixels } from '../refusals.ts'
import { openBytes } from '../sniffing/byte-source.ts'
import { readJpegXlSize } from '../sniffing/jpeg-xl-size.ts'
import { plainTiff } from './plain-tiff.ts'

/**
 * Reads JPEG XL by libjxl: its first picture, turned as the file says, in sRGB.
 *
 * @returns the same pixels as an uncompressed TIFF
 * @throws LookalikeError `invalid_image`, `image_too_many_pixels`
 */
export async function readJpegXl(file: Buffer, maxMegapixels: number): Promise<Buffer> {
  const announced = await readJpegXlSize(await openBytes(file))
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
