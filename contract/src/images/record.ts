import { z } from 'zod'
import { metadata, nullableText } from '../values/json.ts'

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

/** Images that are worked on together, at most. */
const maxTogether = 1000
export const imageIds = z
  .array(imageId)
  .min(1, 'must not be empty')
  .max(maxTogether, `must be at most ${maxTogether}`)
  .describe(`Ids of images, at most ${maxTogether}`)

const id = z.string().describe('UUID made of `image_uri`; the same in every library')
export const sha256 = z
  .string()
  .regex(/^[0-9a-fA-F]{64}$/, 'must be 64 hexadecimal digits')
  .toLowerCase()
export const pixels = z.int().positive().nullable()

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
