import { z } from 'zod'
import { cost, costExample } from '../usage.ts'
import { givenMetadata } from '../values/json.ts'
import { booleanInText, jsonInText } from '../values/text.ts'
import { absoluteUri, imageFile, imageUrl, ownWords } from './given.ts'
import { imageRecord, recordExample } from './record.ts'

/** The text fields of the form; `image_file` is read by itself. */
export const indexFields = z.object({
  image_uri: absoluteUri
    .optional()
    .describe('What the image is known by; image_url, or made from its bytes, when not given'),
  image_url: imageUrl,
  metadata: jsonInText(givenMetadata, 'Metadata')
    .optional()
    .describe('JSON object of your own; kept when not given'),
  embedded_metadata: booleanInText(
    z
      .boolean()
      .describe('false: what the picture says of itself stays out, whatever the server adds of it'),
  ).default(true),
  description: ownWords.optional().describe("Used instead of the embedder's description"),
})

export const indexForm = indexFields
  .extend({ image_file: imageFile.optional() })
  .describe('An image to add, as `image_file` or `image_url`')
  .meta({ id: 'IndexForm', examples: [{ image_url: recordExample.image_uri }] })

export const indexResponse = imageRecord
  .extend(cost)
  .describe('The record as it is now, and what it took')
  .meta({ id: 'IndexResponse', examples: [{ ...recordExample, ...costExample }] })
export type IndexResponse = z.infer<typeof indexResponse>
