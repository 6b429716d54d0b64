import { z } from 'zod'
import { imageId } from './record.ts'

export const idParameter = z.object({ id: imageId })

export const fileBytes = z.file().describe('The bytes of a picture')

export const fileParameters = z.object({
  v: z.string().optional().describe('Version in the links of a record: with it, kept for ever'),
})

/** PNG is for those who cannot read the others, such as terminals. */
export const thumbnailParameters = fileParameters.extend({
  size: z
    .enum(['384', '768', '1536', '2560'])
    .default('384')
    .describe(
      'Longest edge in pixels, for `srcset`; a picture that has fewer is not enlarged. A PNG has 384',
    ),
  format: z
    .enum(['webp', 'png'])
    .default('webp')
    .describe('webp, which for a small JPEG is that JPEG itself; or png made from it'),
})
