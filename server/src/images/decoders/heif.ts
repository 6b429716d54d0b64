import { createRequire } from 'node:module'
import { damaged, checkPixels, notRead } from '../refusals.ts'
import { plainTiff } from './plain-tiff.ts'

interface HeifError {
  readonly code: { readonly value: number }
  readonly message: string
}

interface Handle {
  readonly $$: { readonly ptr: number }
}

interface Decoded {
  readonly code?: HeifError['code']
  readonly message?: string
  readonly image: Handle
  readonly channels: readonly Plane[]
}

interface Plane {
  readonly stride: number
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
  readonly bits_per_pixel: number
}

const require = createRequire(import.meta.url)

/** What is used of libheif, whose own types are generated and say little. */
interface LibHeif {
  heif_context_alloc(): unknown
  heif_context_free(context: unknown): void
  heif_image_release(image: unknown): void
  heif_image_handle_release(handle: Handle): void
  heif_context_read_from_memory(context: unknown, bytes: Uint8Array): HeifError
  heif_js_context_get_list_of_top_level_image_IDs(context: unknown): number[] | HeifError
  heif_js_context_get_image_handle(context: unknown, id: number): Handle | HeifError
  heif_image_handle_get_width(handle: Handle): number
  heif_image_handle_get_height(handle: Handle): number
  heif_image_handle_is_primary_image(handle: Handle): number
  heif_image_handle_has_alpha_channel(handle: Handle): number
  heif_js_decode_image2(handle: Handle, colourSpace: unknown, chroma: unknown): Decoded | Promise<Decoded> // prettier-ignore
  readonly heif_colorspace: { readonly heif_colorspace_RGB: unknown }
  readonly heif_chroma: {
    readonly heif_chroma_interleaved_RGBA: unknown
    readonly heif_chroma_interleaved_RRGGBBAA_LE: unknown
  }
  readonly heif_error_code: Record<string, { readonly value: number }>
  _heif_image_handle_get_raw_color_profile_size(handle: number): number
  _heif_image_handle_get_raw_color_profile(error: number, handle: number, into: number): void
  _heif_image_handle_get_luma_bits_per_pixel(handle: number): number
  _heif_image_get_decoding_warnings(image: number, first: number, into: number, max: number): number // prettier-ignore
  _malloc(bytes: number): number
  readonly HEAPU8: Uint8Array
}

/** A profile of more bytes than this is none that a picture needs. */
const maxProfile = 4_000_000
/** The brands and the beginning of the directory lie within this. */
const maxHead = 4096

/**
 * Reads HEIC and other HEIF stills by libheif, turned and mirrored as the file says: the largest of its pictures, the
 * first of equals being the primary one.
 *
 * @returns the same pixels as an uncompressed TIFF with the picture's colour profile
 * @throws LookalikeError `invalid_image`, `image_too_many_pixels`
 */
export async function readHeif(file: Buffer, maxMegapixels: number): Promise<Buffer> {
  const lib = require('libheif-js/wasm-bundle') as LibHeif
  const context = lib.heif_context_alloc()
  try {
    const parsed = lib.heif_context_read_from_memory(context, asStill(file))
    if (parsed.code.value !== 0) throw refusal(lib, parsed)
    return await readPicture(lib, largest(lib, context), maxMegapixels)
  } finally {
    lib.heif_context_free(context)
  }
}

const filmBrands = ['msf1', 'hevc', 'hevx', 'hevm', 'hevs', 'avis']

/** libheif looks for a film where a brand speaks of one, also in a file that has a still picture besides. */
function asStill(file: Buffer): Buffer {
  if (!file.subarray(0, maxHead).includes('meta')) return file
  const still = Buffer.from(file)
  const end = Math.min(still.readUInt32BE(0), still.length - 4, maxHead)
  for (let at = 8; at + 4 <= end; at += 4) {
    if (filmBrands.includes(still.toString('latin1', at, at + 4))) still.write('heic', at, 'latin1')
  }
  return still
}

async function readPicture(lib: LibHeif, handle: Handle, maxMegapixels: number): Promise<Buffer> {
  const width = lib.heif_image_handle_get_width(handle)
  const height = lib.heif_image_handle_get_height(handle)
  checkPixels(width, height, maxMegapixels)
  // Decoded to 8 bits, a picture of 10 in a wide space would be several levels off once it is sRGB.
  const isDeep = lib._heif_image_handle_get_luma_bits_per_pixel(handle.$$.ptr) > 8
  const decoded = await lib.heif_js_decode_image2(
    handle,
    lib.heif_colorspace.heif_colorspace_RGB,
    isDeep
      ? lib.heif_chroma.heif_chroma_interleaved_RRGGBBAA_LE
      : lib.heif_chroma.heif_chroma_interleaved_RGBA,
  )
  const [plane] = decoded.channels ?? []
  if (!plane) throw refusal(lib, decoded)
  // A tile that cannot be decoded is left empty, and told of only here.
  const warnings = lib._heif_image_get_decoding_warnings(decoded.image.$$.ptr, 0, 0, 0)
  if (warnings > 0) throw damaged('heic')
  const { width: across, height: down } = plane
  const channels = lib.heif_image_handle_has_alpha_channel(handle) ? 4 : 3
  const icc = profileOf(lib, handle)
  const depth = isDeep ? 16 : 8
  const tiff = plainTiff({ width: across, height: down, channels, depth, icc }, (pixels) =>
    isDeep ? copyDeep(plane, channels, pixels) : copy(plane, channels, pixels),
  )
  lib.heif_image_release(decoded.image)
  lib.heif_image_handle_release(handle)
  return tiff
}

/** RGBA, and alpha left away where there is none. */
function copy({ width, height, stride, data }: Plane, channels: number, pixels: Uint8Array): void {
  for (let row = 0, to = 0; row < height; row++) {
    let from = row * stride
    for (let x = 0; x < width; x++, from += 4) {
      for (let channel = 0; channel < channels; channel++) pixels[to++] = data[from + channel]!
    }
  }
}

/** The same of values that fill fewer than 16 bits, made to fill them. */
function copyDeep(plane: Plane, channels: number, pixels: Uint8Array): void {
  const { width, height, stride, data, bits_per_pixel: bits } = plane
  const scale = 65_535 / (2 ** bits - 1)
  for (let row = 0, to = 0; row < height; row++) {
    let from = row * stride
    for (let x = 0; x < width; x++, from += 8) {
      for (let channel = 0; channel < channels; channel++) {
        const at = from + channel * 2
        const value = Math.round((data[at]! | (data[at + 1]! << 8)) * scale)
        pixels[to++] = value & 255
        pixels[to++] = value >> 8
      }
    }
  }
}

function largest(lib: LibHeif, context: unknown): Handle {
  const ids = lib.heif_js_context_get_list_of_top_level_image_IDs(context)
  const handles = (Array.isArray(ids) ? ids : [])
    .map((id) => lib.heif_js_context_get_image_handle(context, id))
    .filter((handle): handle is Handle => '$$' in handle)
  const area = (handle: Handle) =>
    lib.heif_image_handle_get_width(handle) * lib.heif_image_handle_get_height(handle)
  const [best] = handles.toSorted(
    (a, b) =>
      area(b) - area(a) ||
      lib.heif_image_handle_is_primary_image(b) - lib.heif_image_handle_is_primary_image(a),
  )
  if (!best) throw notRead('a HEIF without a still picture, which is not read here')
  return best
}

function profileOf(lib: LibHeif, { $$: { ptr } }: Handle): Uint8Array | undefined {
  const bytes = lib._heif_image_handle_get_raw_color_profile_size(ptr)
  if (bytes === 0 || bytes > maxProfile) return undefined
  const error = lib._malloc(16)
  const into = lib._malloc(bytes)
  lib._heif_image_handle_get_raw_color_profile(error, ptr, into)
  return lib.HEAPU8.slice(into, into + bytes)
}

/** libheif says itself whether a file is unsound or merely beyond it. */
function refusal(lib: LibHeif, { code, message = '' }: Partial<HeifError>) {
  const unsupported = ['Unsupported_feature', 'Unsupported_filetype'].some(
    (name) => lib.heif_error_code[`heif_error_${name}`]?.value === code?.value,
  )
  if (!unsupported) return damaged('heic', new Error(message))
  return notRead(`a HEIF that is not read here (${message.replace(/\.$/, '')})`)
}
