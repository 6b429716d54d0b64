import { LookalikeError } from '../errors.ts'
import type { ImageRecord } from '../records/record.ts'

export function unknownImage(id: string): LookalikeError {
  return new LookalikeError(
    'not_found',
    `The library has no image ${id}. GET /api/images lists those there are.`,
  )
}

/** The image is known, but its file is not here. */
export function withoutFile({ imageUri }: ImageRecord): LookalikeError {
  return new LookalikeError(
    'not_found',
    `The library has the record of ${imageUri} but not its file. Send the picture to ` +
      'POST /api/images/index with that image_uri.',
  )
}
