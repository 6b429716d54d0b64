import { z } from 'zod'
import { recordExample } from './images/record.ts'
import { cursor, nextCursor } from './values/page.ts'
import { nullableText } from './values/json.ts'
import { integerInText } from './values/text.ts'

/** The most pictures of a page of the map. */
const maxPlaces = 20_000

export const mapParameters = z.object({
  limit: integerInText(
    z
      .int()
      .min(1, 'must be at least 1')
      .max(maxPlaces, `must be at most ${maxPlaces}`)
      .describe(`How many images at most, 1 to ${maxPlaces}`),
  ).default(maxPlaces),
  cursor: cursor.max(64, 'must be at most 64 characters').optional(),
})

export const libraryMap = z
  .object({
    version: z.string().describe('Other than before where any place has changed'),
    phase: z
      .enum(['laying_out', 'placing', 'ready', 'failed'])
      .describe(
        '`laying_out`: the first places are being found; `placing`: the others find theirs; `failed`: see `detail`, it is tried again when asked for',
      ),
    detail: nullableText.describe('Why it failed, and what to do'),
    placed: z.int().describe('How many images have a place'),
    images: z.int().describe('How many images are to have one'),
    size: z.int().describe('Places go from 0 to this, in both directions'),
    ids: z.array(z.string()).describe('Ids of the images'),
    versions: z
      .array(z.string().nullable())
      .describe('`v` of the links to each file; null where there is none'),
    x: z.array(z.int()).describe('Where each is, across'),
    y: z.array(z.int()).describe('Where each is, down'),
    next_cursor: nextCursor,
  })
  .describe('The library in two dimensions, by columns: images that are alike lie near each other')
  .meta({
    id: 'LibraryMap',
    examples: [
      {
        version: '1-mz3k2f1a-4',
        phase: 'ready' as const,
        detail: null,
        placed: 1,
        images: 1,
        size: 65_535,
        ids: [recordExample.id],
        versions: [recordExample.sha256.slice(0, 16)],
        x: [32_768],
        y: [32_768],
        next_cursor: null,
      },
    ],
  })
export type LibraryMap = z.infer<typeof libraryMap>
