import { z } from 'zod'
import { imageRecord, recordExample, sha256 } from './record.ts'

export const lookupRequest = z
  .object({
    sha256: z
      .array(sha256)
      .max(1000, 'must be at most 1000')
      .describe('SHA-256 of files, in hex; at most 1000'),
  })
  .describe('Files to look for, by their content')
  .meta({ id: 'LookupRequest', examples: [{ sha256: [recordExample.sha256] }] })

export const foundImages = z
  .object({ images: z.array(imageRecord).describe('One or more for each file that is known') })
  .describe('The records of the files that were asked for by content hash')
  .meta({ id: 'FoundImages', examples: [{ images: [recordExample] }] })
export type FoundImages = z.infer<typeof foundImages>
