import { z } from 'zod'
import { givenMetadata, metadata } from '../values/json.ts'
import { ownWords } from './given.ts'
import { imageIds, recordExample } from './record.ts'

export const metadataRequest = z
  .object({ metadata: givenMetadata })
  .describe('What replaces the metadata of an image')
  .meta({ id: 'MetadataRequest', examples: [{ metadata: { album: 'Harz', year: 2024 } }] })

export const descriptionRequest = z
  .object({ description: ownWords.describe('What the image shows, in your own words') })
  .describe('What replaces the description of an image')
  .meta({
    id: 'DescriptionRequest',
    examples: [{ description: 'Grandmother’s fox, the winter before we moved.' }],
  })

export const metadataPatch = z
  .object({
    ids: imageIds,
    metadata: givenMetadata.describe(
      'What is merged into the metadata of each (JSON Merge Patch, RFC 7396): null takes a key away, objects are merged, everything else replaces',
    ),
  })
  .describe('A change of the metadata of several images')
  .meta({
    id: 'MetadataPatch',
    examples: [{ ids: [recordExample.id], metadata: { album: 'Brocken', draft: null } }],
  })

export const patchedMetadata = z
  .object({
    images: z
      .array(
        z
          .object({
            id: z.string().describe('Id of the image'),
            outcome: z
              .enum(['updated', 'unchanged', 'missing'])
              .describe('What became of it; `missing`: the library has no such image'),
            metadata: metadata.nullable().describe('As it is now; null where there is no image'),
          })
          .describe('What became of one image')
          .meta({
            id: 'PatchedImage',
            examples: [
              { id: recordExample.id, outcome: 'updated', metadata: { album: 'Brocken' } },
            ],
          }),
      )
      .describe('Each image that was asked for, once'),
  })
  .describe('What a change of several images did')
  .meta({
    id: 'PatchedMetadata',
    examples: [
      {
        images: [{ id: recordExample.id, outcome: 'updated', metadata: { album: 'Brocken' } }],
      },
    ],
  })
export type PatchedMetadata = z.infer<typeof patchedMetadata>
