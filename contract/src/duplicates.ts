import { z } from 'zod'
import { imageRecord, recordExample } from './images/record.ts'
import { cursor, nextCursor, pageLimit } from './values/page.ts'
import { changeExample, changeFields, likeness } from './copies.ts'
import { integerInText } from './values/text.ts'

export const groupParameters = z.object({
  limit: integerInText(pageLimit('groups')).default(10),
  cursor: cursor
    .refine((text) => /^\d{1,9}$/.test(text), 'is no next_cursor')
    .transform(Number)
    .optional(),
})

const copy = {
  ...recordExample,
  id: '8a1f2c0d-5b7e-4a60-9c3d-2e4f6a8b0c12',
  width: 800,
  height: 533,
}
const groupExample = {
  keeper: recordExample,
  duplicates: [{ kind: 'near_duplicate' as const, ...changeExample, image: copy }],
}

export const duplicate = z
  .object({ kind: likeness, ...changeFields('the one to keep'), image: imageRecord })
  .describe('Another copy of the same picture')
  .meta({ id: 'Duplicate', examples: groupExample.duplicates })

export const duplicateGroup = z
  .object({
    keeper: imageRecord.describe(
      'The one to keep: the largest and least changed (what was cropped, framed or turned grey stands behind one of a ' +
        'quarter of its pixels that was not), then the one with more metadata, with more bytes, and else the first',
    ),
    duplicates: z.array(duplicate).describe('The others, best first'),
  })
  .describe('Images that show the same picture')
  .meta({ id: 'DuplicateGroup', examples: [groupExample] })
export type DuplicateGroup = z.infer<typeof duplicateGroup>

export const duplicateGroupPage = z
  .object({
    groups: z.array(duplicateGroup).describe('Largest first'),
    total_groups: z.int().describe('How many groups the library has'),
    total_duplicates: z.int().describe('How many images could go: one of each group stays'),
    pending: z
      .int()
      .describe('How many images are yet to be compared in pixels: their copies may be missing'),
    next_cursor: nextCursor,
  })
  .describe('A page of the groups of images that show the same picture')
  .meta({
    id: 'DuplicateGroupPage',
    examples: [
      {
        groups: [groupExample],
        total_groups: 1,
        total_duplicates: 1,
        pending: 0,
        next_cursor: null,
      },
    ],
  })
export type DuplicateGroupPage = z.infer<typeof duplicateGroupPage>
