import { z } from 'zod'
import { withoutPassword } from '../values/address.ts'
import { keptText } from '../values/json.ts'

/** What a picture is known by, and where it can be fetched. */
export const absoluteUri = withoutPassword(
  keptText
    .trim()
    .max(2048, 'must be at most 2048 characters')
    .refine(
      (text) => URL.canParse(text),
      'must be an absolute URI, such as https://example.org/a.jpg',
    ),
)

export const imageUrl = absoluteUri.optional().describe('Where the server fetches the image from')

export const imageFile = z.file().describe('JPEG, PNG, WebP, GIF, AVIF or TIFF')

/** What a person or program says of a picture. */
export const ownWords = keptText
  .trim()
  .min(1, 'must not be empty')
  .max(8000, 'must be at most 8000 characters')
