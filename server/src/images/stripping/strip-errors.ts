import { LookalikeError } from '../../errors.ts'

export function cannotStrip(format: string): LookalikeError {
  return new LookalikeError(
    'unsupported',
    `This server takes EXIF, GPS and the like out of pictures (STRIP_METADATA), and cannot out of this ` +
      `${format.toUpperCase()}: send it as JPEG, PNG, WebP, HEIC or AVIF.`,
  )
}
