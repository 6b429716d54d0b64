import { z } from 'zod'
import { imageId } from './images/record.ts'

const maxPictures = 100

/** As text, in a query string: pictures have their numbers by their places in it. */
export const contactSheetParameters = z.object({
  ids: z
    .string()
    .transform((text) => text.split(','))
    .pipe(
      z.array(imageId).max(maxPictures, `must be at most ${maxPictures}`) as unknown as z.ZodType<
        string[],
        string[]
      >,
    )
    .meta({
      type: 'string',
      minLength: 1,
      description: `Ids of images with commas between them, at most ${maxPictures}; the first is number 1`,
      examples: ['3b1b6d1e-7f0a-4c55-8f8b-6f0a2b9c1d10,8c7b1f60-53a5-4f0a-9a53-0a8f3b1f9d11'],
    }),
})
