import { z } from 'zod'
import { withoutPassword } from './values/address.ts'
import { changeExample, changeFields } from './copies.ts'
import { cost, costExample } from './usage.ts'
import { filter } from './values/filter.ts'
import { givenMetadata, keptText, metadata, nullableText } from './values/json.ts'
import { booleanInText, integerInText, jsonInText } from './values/text.ts'

export const imageFormat = z
  .enum([
    'jpeg',
    'png',
    'webp',
    'gif',
    'avif',
    'tiff',
    'heic',
    'jxl',
    'bmp',
    'cr2',
    'cr3',
    'nef',
    'arw',
    'dng',
    'raf',
    'orf',
    'rw2',
    'pef',
    'srw',
  ])
  .describe('A format of pictures that can be read')
  .meta({ id: 'ImageFormat' })
export type ImageFormat = z.infer<typeof imageFormat>

export const imageId = z
  .guid('must be the id of an image: a UUID')
  .toLowerCase()
  .describe('The id of an image: a UUID made of its image URI')
  .meta({ examples: ['3b1b6d1e-7f0a-4c55-8f8b-6f0a2b9c1d10'] })
const id = z.string().describe('UUID made of `image_uri`; the same in every library')
export const sha256 = z
  .string()
  .regex(/^[0-9a-fA-F]{64}$/, 'must be 64 hexadecimal digits')
  .toLowerCase()
const pixels = z.int().positive().nullable()

/** What is known of a picture's file; all null where there is none. */
export const fileFields = {
  sha256: sha256.nullable().describe("SHA-256 of the file's bytes, in lower-case hex"),
  width: pixels.describe('Width of the upright picture, in pixels'),
  height: pixels.describe('Height of the upright picture, in pixels'),
  format: nullableText.describe('Format of the file, such as jpeg'),
  bytes: z.int().positive().nullable().describe('Size of the file, in bytes'),
}

/** Where pictures can be fetched. */
export const linkFields = {
  image_url: nullableText.describe('Where the original is; null when this library holds no file'),
  thumbnail_url: nullableText.describe('Where a small picture of it is; null when there is none'),
}

/** For the examples of shapes that hold a record. */
export const recordExample = {
  id: '3b1b6d1e-7f0a-4c55-8f8b-6f0a2b9c1d10',
  image_uri: 'https://example.org/photos/fox.jpg',
  description: 'A red fox in fresh snow, looking back over its shoulder.',
  described_by: null,
  tags: ['red fox', 'fox', 'carnivore', 'mammal', 'animal'],
  metadata: { album: 'Harz', year: 2024 },
  sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  width: 1600,
  height: 1067,
  format: 'jpeg',
  bytes: 284_113,
  phash: 'd1c4b6a29f3e8071',
  thumbhash: '1QcSHQRnh493V4dIh4eXh1h4kJUI',
  embedder: 'visual:3@224',
  indexed_at: '2026-11-22T09:30:00.000Z',
  image_url: 'http://127.0.0.1:8000/api/images/3b1b6d1e-7f0a-4c55-8f8b-6f0a2b9c1d10/file',
  thumbnail_url: 'http://127.0.0.1:8000/api/images/3b1b6d1e-7f0a-4c55-8f8b-6f0a2b9c1d10/thumbnail',
}

/** 25 bytes at most; a few to spare. */
export const thumbhash = z
  .base64('must be base64')
  .max(64, 'must be at most 64 characters')
  .nullable()
  .describe(
    'The picture in about 25 bytes, to be drawn until it is there: a ThumbHash in base64; null if not looked at',
  )

export const imageRecord = z
  .object({
    id,
    image_uri: z.string().describe('What the image is known by'),
    description: z.string().describe('What it shows, in words'),
    described_by: z
      .enum(['caller'])
      .describe('Who wrote a description')
      .meta({ id: 'Describer' })
      .nullable()
      .describe("`caller`: not the embedder's words, but those it was indexed with or given later"),
    tags: z
      .array(z.string())
      .describe(
        'What it probably shows, by name, from the most special to the most general; filters and facets know it as `lookalike.tags`',
      ),
    metadata,
    ...fileFields,
    phash: z
      .string()
      .regex(/^([0-9a-f]{16})?$/, 'must be 16 hexadecimal digits')
      .nullable()
      .describe('Perceptual hash, 16 hex digits; empty for a plain picture, null if not looked at'),
    thumbhash,
    embedder: nullableText.describe('Id of the embedder that made its vector'),
    indexed_at: nullableText.describe('When it was indexed: ISO 8601, UTC, with milliseconds'),
    ...linkFields,
  })
  .describe('An image of the library, and what is known of it')
  .meta({ id: 'ImageRecord', examples: [recordExample] })
export type ImageRecord = z.infer<typeof imageRecord>

export const likeness = z
  .enum(['identical', 'near_duplicate'])
  .describe(
    '`identical`: the same bytes; `near_duplicate`: the same picture in another form, as `change` says',
  )
  .meta({ id: 'Likeness' })
export type Likeness = z.infer<typeof likeness>

const duplicateOfExample = {
  id: recordExample.id,
  kind: 'near_duplicate' as const,
  ...changeExample,
}
const duplicate = z
  .object({
    id: z.string().describe('Id of the better copy'),
    kind: likeness,
    ...changeFields('the better copy'),
  })
  .describe('A better copy of the same picture')
  .meta({ id: 'DuplicateOf', examples: [duplicateOfExample] })
export type DuplicateOf = z.infer<typeof duplicate>
export const duplicateOf = duplicate
  .nullable()
  .describe('A better copy of the same picture in this library; null when there is none')

export const listedImage = imageRecord
  .extend({ duplicate_of: duplicateOf })
  .describe('An image of the library, and whether there is a better copy of it')
  .meta({ id: 'ListedImage', examples: [{ ...recordExample, duplicate_of: null }] })
export type ListedImage = z.infer<typeof listedImage>

export const nextCursor = nullableText.describe('`cursor` of the next page; null after the last')
export const cursor = z.string().describe('`next_cursor` of the page before')

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

/** How many entries a page has at most. */
export const pageLimit = (what: string) =>
  z
    .int()
    .min(1, 'must be at least 1')
    .max(1000, 'must be at most 1000')
    .describe(`How many ${what} at most, 1 to 1000`)

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

const absoluteUri = withoutPassword(
  keptText
    .trim()
    .max(2048, 'must be at most 2048 characters')
    .refine(
      (text) => URL.canParse(text),
      'must be an absolute URI, such as https://example.org/a.jpg',
    ),
)

export const imageUrl = absoluteUri.optional().describe('Where the server fetches the image from')

/** What a person or program says of a picture. */
const ownWords = keptText
  .trim()
  .min(1, 'must not be empty')
  .max(8000, 'must be at most 8000 characters')

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

export const imageFile = z.file().describe('JPEG, PNG, WebP, GIF, AVIF or TIFF')
export const fileBytes = z.file().describe('The bytes of a picture')
export const indexForm = indexFields
  .extend({ image_file: imageFile.optional() })
  .describe('An image to add, as `image_file` or `image_url`')
  .meta({ id: 'IndexForm', examples: [{ image_url: recordExample.image_uri }] })

export const indexResponse = imageRecord
  .extend(cost)
  .describe('The record as it is now, and what it took')
  .meta({ id: 'IndexResponse', examples: [{ ...recordExample, ...costExample }] })
export type IndexResponse = z.infer<typeof indexResponse>

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

/** Images that are worked on together, at most. */
const maxTogether = 1000
const together = z
  .array(imageId)
  .min(1, 'must not be empty')
  .max(maxTogether, `must be at most ${maxTogether}`)
  .describe(`Ids of images, at most ${maxTogether}`)

export const metadataPatch = z
  .object({
    ids: together,
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

export const deletionRequest = z
  .object({ ids: together })
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

export const idParameter = z.object({ id: imageId })

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
