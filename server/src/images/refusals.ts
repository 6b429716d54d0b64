import { LookalikeError } from '../errors.ts'

/** @param what completes "The file is ...", such as "a TIFF in CIE Lab, which is not read here" */
export function notRead(what: string, cause?: unknown): LookalikeError {
  return new LookalikeError(
    'invalid_image',
    `The file is ${what}. Save it as JPEG or PNG in an image editor, and send that.`,
    { cause },
  )
}

export function damaged(format: string, cause?: unknown): LookalikeError {
  return new LookalikeError(
    'invalid_image',
    `The file starts like ${format.toUpperCase()} but cannot be decoded: ` +
      `it is damaged or cut short. Send it again, or save it anew in an image editor.`,
    { cause },
  )
}

/** @throws LookalikeError `image_too_many_pixels`; nothing has been decoded yet */
export function checkPixels(width: number, height: number, maxMegapixels: number): void {
  const megapixels = (width * height) / 1e6
  if (megapixels <= maxMegapixels) return
  throw new LookalikeError(
    'image_too_many_pixels',
    `The image is ${width} x ${height} (${megapixels.toFixed(1)} megapixels); ` +
      `this server accepts up to ${maxMegapixels} (MAX_MEGAPIXELS). Send a smaller copy.`,
  )
}

/** @throws LookalikeError `invalid_image` for what would take more memory than any picture may */
export function checkBytes(bytes: number, maxBytes: number): void {
  if (bytes <= maxBytes) return
  const [takes, most] = [bytes, maxBytes].map((each) => Math.ceil(each / 1e6))
  throw notRead(
    `a picture that would take about ${takes} MB of memory to decode, and this server gives one at most ${most} ` +
      '(DECODE_MEMORY_MB, MAX_MEGAPIXELS)',
  )
}
