import { z } from 'zod'
import { imageFile } from './images/given.ts'
import { imageId, recordExample } from './images/record.ts'
import { calibration, match, searchQuery } from './search.ts'
import { cost, costExample } from './usage.ts'
import { nullableText } from './values/json.ts'

const to = imageId.describe('Id of the image that it is compared with')

export const whyParameters = z.object({ to })

/** The text fields of the form; the files are read by themselves. */
export const whyFields = z.object({ to: to.optional() })

export const whyForm = whyFields
  .extend({
    image_file: imageFile,
    to_file: imageFile.optional().describe('The picture that it is compared with, instead of `to`'),
  })
  .describe('A picture, and the image of the library or the picture that it is compared with')
  .meta({
    id: 'WhyForm',
    examples: [{ image_file: 'the bytes of a picture', to: recordExample.id }],
  })

const share = (what: string) => z.number().min(0).max(1).describe(`${what}, 0 to 1`)

const partsExample = { names: 0.71, colours: 0.42, texture: 0.63, layout: 0.18 }
const likenessParts = z
  .object({
    names: share('What they share of what they show, as the embedder names it'),
    colours: share('What they share of their colours'),
    texture: share('What they share of fine structure: edges, spots, corners'),
    layout: share('How alike light and dark are laid out'),
  })
  .describe('What two pictures share')
  .meta({ id: 'LikenessParts', examples: [partsExample] })

const mapExample = { edge: 2, one: [1, 0.4, 0, 0.2], other: [0.1, 1, 0.3, 0] }
const places = z
  .array(z.number().min(0).max(1))
  .describe('Row by row: 1 for the place that adds most to the likeness, 0 for none')
const likenessMap = z
  .object({
    edge: z
      .int()
      .describe('The maps have `edge` x `edge` places, whatever the shape of the picture'),
    one: places,
    other: places,
  })
  .describe('Where two pictures agree')
  .meta({ id: 'LikenessMap', examples: [mapExample] })

const comparedExample = {
  id: recordExample.id,
  image_uri: recordExample.image_uri,
  filename: null,
  sha256: recordExample.sha256,
  width: recordExample.width,
  height: recordExample.height,
  format: recordExample.format,
  bytes: recordExample.bytes,
  description: recordExample.description,
}
const compared = searchQuery
  .extend({
    id: nullableText.describe('Id of an image of the library; null for a picture that was sent'),
    image_uri: nullableText.describe('What an image of the library is known by'),
    description: z.string().describe('What it shows, in words'),
  })
  .describe('One of two pictures that are compared')
  .meta({ id: 'ComparedPicture', examples: [comparedExample] })

export const whyResponse = z
  .object({
    one: compared,
    other: compared,
    score: z.number().describe('Cosine similarity'),
    match: match.nullable().describe('How alike they are, in a word; null where it cannot be told'),
    surprise: z
      .number()
      .min(0)
      .nullable()
      .describe('How rare such a score is among unrelated pictures, as in a search'),
    calibration,
    parts: likenessParts.nullable().describe('What they share; null where `no_parts` says why'),
    map: likenessMap.nullable().describe('Where they agree; null where `no_parts` says why'),
    no_parts: nullableText.describe('Why there are no parts and no map; null where there are'),
    words: z
      .array(z.string())
      .nullable()
      .describe('Words that both descriptions use, and names that both pictures bear'),
    no_words: nullableText.describe('Why there are no words; null where there are'),
    ...cost,
  })
  .describe('Why two pictures are alike, as far as the embedder can say')
  .meta({
    id: 'WhyResponse',
    examples: [
      {
        one: comparedExample,
        other: { ...comparedExample, id: null, image_uri: null, filename: 'other-fox.png' },
        score: 0.874,
        match: 'strong',
        surprise: 5.21,
        calibration: { sure: true, pictures: 256, detail: null },
        parts: partsExample,
        map: mapExample,
        no_parts: null,
        words: ['fox', 'snow'],
        no_words: null,
        ...costExample,
      },
    ],
  })
export type WhyResponse = z.infer<typeof whyResponse>
