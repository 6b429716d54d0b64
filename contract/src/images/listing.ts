import { z } from 'zod'
import { duplicateOf } from '../copies.ts'
import { filter } from '../values/filter.ts'
import { cursor, nextCursor, pageLimit } from '../values/page.ts'
import { booleanInText, integerInText, jsonInText } from '../values/text.ts'
import { imageRecord, pixels, recordExample } from './record.ts'

export const listedImage = imageRecord
  .extend({ duplicate_of: duplicateOf })
  .describe('An image of the library, and whether there is a better copy of it')
  .meta({ id: 'ListedImage', examples: [{ ...recordExample, duplicate_of: null }] })
export type ListedImage = z.infer<typeof listedImage>

const total = z
  .int()
  .optional()
  .describe('Where `total=true` asked for it: how many images the list has in all')

export const imagePage = z
  .object({
    images: z.array(listedImage).describe('In a stable order'),
    next_cursor: nextCursor,
    total,
  })
  .describe('A page of the library')
  .meta({
    id: 'ImagePage',
    examples: [{ images: [{ ...recordExample, duplicate_of: null }], next_cursor: null }],
  })
export type ImagePage = z.infer<typeof imagePage>

const listedBy = {
  sort: z
    .enum(['newest', 'oldest'])
    .optional()
    .describe(
      'By when they were indexed, those of unknown time last; when not given, what costs least: in the embedded store last come first',
    ),
  q: z
    .string()
    .min(1, 'must not be empty')
    .max(200, 'must be at most 200 characters')
    .optional()
    .describe(
      'Only images in whose description, tags, metadata or URI all of these words stand, or longer ones that begin so; case, accents ' +
        'and plurals do not count',
    ),
  total: booleanInText(
    z.boolean().describe('true: say how many images the list has in all'),
  ).default(false),
}

export const walkParameters = z.object({
  limit: integerInText(pageLimit('images')).default(10),
  cursor: cursor.optional(),
  filter: jsonInText(filter, 'Filter').optional(),
})
export const listParameters = walkParameters.extend(listedBy)

/** The most images of a page of an outline. */
const maxOutlined = 10_000

export const outlineParameters = listParameters.extend({
  limit: integerInText(
    z
      .int()
      .min(1, 'must be at least 1')
      .max(maxOutlined, `must be at most ${maxOutlined}`)
      .describe(`How many images at most, 1 to ${maxOutlined}`),
  ).default(maxOutlined),
})

const column = <T extends z.ZodType>(value: T, what: string) => z.array(value).describe(what)

export const outlinePage = z
  .object({
    ids: column(z.string(), 'Ids of the images, in the order of the list'),
    versions: column(
      z.string().nullable(),
      '`v` of the links to each file; null where the library holds none',
    ),
    widths: column(pixels, 'Widths of the upright pictures, in pixels'),
    heights: column(pixels, 'Heights of the upright pictures, in pixels'),
    thumbhashes: column(z.string().nullable(), 'ThumbHashes, in base64'),
    next_cursor: nextCursor,
    total,
  })
  .describe('A page of the library by columns: what a wall of pictures is laid out by')
  .meta({
    id: 'OutlinePage',
    examples: [
      {
        ids: [recordExample.id],
        versions: [recordExample.sha256.slice(0, 16)],
        widths: [recordExample.width],
        heights: [recordExample.height],
        thumbhashes: [recordExample.thumbhash],
        next_cursor: null,
      },
    ],
  })
export type OutlinePage = z.infer<typeof outlinePage>
