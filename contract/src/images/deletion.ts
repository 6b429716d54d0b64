import { z } from 'zod'
import { filter } from '../values/filter.ts'
import { booleanInText, jsonInText } from '../values/text.ts'
import { imageIds, imageRecord, recordExample } from './record.ts'

export const deletionRequest = z
  .object({ ids: imageIds })
  .describe('Images to delete')
  .meta({ id: 'DeletionRequest', examples: [{ ids: [recordExample.id] }] })

export const deletion = z
  .object({
    images: z
      .array(
        z
          .object({
            id: z.string().describe('Id of the image'),
            outcome: z
              .enum(['deleted', 'missing'])
              .describe('What became of it; `missing`: the library has no such image'),
          })
          .describe('What became of one image')
          .meta({
            id: 'DeletedImage',
            examples: [{ id: recordExample.id, outcome: 'deleted' }],
          }),
      )
      .describe('Each image that was asked for, once'),
  })
  .describe('What a deletion of several images did')
  .meta({ id: 'Deletion', examples: [{ images: [{ id: recordExample.id, outcome: 'deleted' }] }] })
export type Deletion = z.infer<typeof deletion>

export const removalParameters = z.object({
  filter: jsonInText(filter, 'Filter').describe('Filter as JSON; {} means every image'),
  dry_run: booleanInText(z.boolean().describe('true: only say what would be deleted')).default(
    false,
  ),
})

export const removal = z
  .object({
    dry_run: z.boolean().describe('Whether nothing was deleted'),
    matched: z.int().describe('How many images pass the filter'),
    deleted: z.int().describe('How many of them were deleted'),
    sample: z.array(imageRecord).describe('The first few that pass'),
  })
  .describe('What a delete by filter did or, as a dry run, would do')
  .meta({
    id: 'Removal',
    examples: [{ dry_run: true, matched: 12, deleted: 0, sample: [recordExample] }],
  })
export type Removal = z.infer<typeof removal>
