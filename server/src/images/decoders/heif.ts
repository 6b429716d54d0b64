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
  readonly image: unknown
  readonly channels: readonly {
    readonly stride: number
    readonly data: Uint8Array
    readonly width: number
    readonly height: number
  }[]
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
  readonly heif_chroma: { readonly heif_chroma_interleaved_RGBA: unknown }
  readonly heif_error_code: Record<string, { readonly value: number }>
  _heif_image_handle_get_raw_color_profile_size(handle: number): number
  _heif_image_handle_get_raw_color_profile(error: number, handle: number, into: number): void
  _malloc(bytes: number): number
  readonly HEAPU8: Uint8Array
}

/** A profile of more bytes than this is none that a picture needs. */
const maxProfile = 4_000_000

/**
 * Reads HEIC and other HEIF stills by libheif, turned and mirrored as the file says: the largest of its pictures, the
 * first of equals being the primary one.
 *
 * @returns the same pixels as an uncompressed TIFF, of 8 bits, with the picture's colour profile
 * @throws LookalikeError `invalid_image`, `image_too_many_pixels`
 */
export async function readHeif(file: Uint8Array, maxMegapixels: number): Promise<Buffer> {
  const lib = require('libheif-js/wasm-bundle') as LibHeif
  const context = lib.heif_context_alloc()
  try {
    const parsed = lib.heif_context_read_from_memory(context, file)
    if (parsed.code.value !== 0) throw refusal(lib, parsed)
    return await readPicture(lib, largest(lib, context), maxMegapixels)
  } finally {
    lib.heif_context_free(context)
  }
}

async function readPicture(lib: LibHeif, handle: Handle, maxMegapixels: number): Promise<Buffer> {
  const width = lib.heif_image_handle_get_width(handle)
  const height = lib.heif_image_handle_get_height(handle)
  checkPixels(width, height, maxMegapixels)
  const decoded = await lib.heif_js_decode_image2(
    handle,
    lib.heif_colorspace.heif_colorspace_RGB,
    lib.heif_chroma.heif_chroma_interleaved_RGBA,
  )
  const [plane] = decoded.channels ?? []
  if (!plane) throw refusal(lib, decoded as HeifError)
  const channels = lib.heif_image_handle_has_alpha_channel(handle) ? 4 : 3
  const icc = profileOf(lib, handle)
  const tiff = plainTiff({ width: plane.width, height: plane.height, channels, icc }, (pixels) => {
    for (let row = 0, to = 0; row < plane.height; row++) {
      let from = row * plane.stride
      for (let x = 0; x < plane.width; x++, from += 4) {
        for (let channel = 0; channel < channels; channel++) pixels[to++] = plane.data[from + channel]! // prettier-ignore
      }
    }
  })
  lib.heif_image_release(decoded.image)
  lib.heif_image_handle_release(handle)
  return tiff
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
function refusal(lib: LibHeif, { code, message }: HeifError) {
  const unsupported = ['Unsupported_feature', 'Unsupported_filetype'].some(
    (name) => lib.heif_error_code[`heif_error_${name}`]?.value === code?.value,
  )
  if (!unsupported) return damaged('heic', new Error(message))
  return notRead(`a HEIF that is not read here (${message.replace(/\.$/, '')})`)
}
