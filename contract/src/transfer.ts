import { z } from 'zod'
import { walkParameters } from './images/listing.ts'
import { imageFormat, imageRecord, recordExample } from './images/record.ts'
import { nextCursor } from './values/page.ts'
import { withoutPassword } from './values/address.ts'
import { givenMetadata, nullableText } from './values/json.ts'

export const exportParameters = walkParameters.omit({ limit: true })

const vector = z.base64().describe('32-bit floats, little-endian, in base64; its length is 1')

export const exportedRecord = imageRecord
  .extend({ vector })
  .describe('A record of an export, with its vector')
  .meta({ id: 'ExportedRecord', examples: [{ ...recordExample, vector: 'AACAPwAAAAA=' }] })
export type ExportedRecord = z.infer<typeof exportedRecord>

const checkpointExample = { checkpoint: { cursor: 'b2xkZXN0OjIwMA', exported: 200 } }

export const exportCheckpoint = z
  .object({
    checkpoint: z
      .object({
        cursor: nullableText.describe('Where an export goes on; null after the last record'),
        exported: z.int().describe('How many records came so far'),
      })
      .describe('How far the export is'),
  })
  .describe('A line between the records of an export, by which one that broke off goes on')
  .meta({ id: 'ExportCheckpoint', examples: [checkpointExample] })
export type ExportCheckpoint = z.infer<typeof exportCheckpoint>

const linesExample = [
  { ...recordExample, vector: 'AACAPwAAAAA=' },
  { checkpoint: { cursor: null, exported: 1 } },
]
  .map((line) => `${JSON.stringify(line)}\n`)
  .join('')

export const exportLines = z
  .string()
  .describe('A record a line; after every few hundred a checkpoint')
  .meta({ examples: [linesExample] })

export const exportPage = z
  .object({ records: z.array(exportedRecord).describe('At most 200'), next_cursor: nextCursor })
  .describe('A page of an export, for those who read JSON rather than lines')
  .meta({
    id: 'ExportPage',
    examples: [{ records: [{ ...recordExample, vector: 'AACAPwAAAAA=' }], next_cursor: null }],
  })

/** The most records of one import: what is held in memory and written at once. */
export const maxImported = 500

export const importLines = z
  .string()
  .describe(`Lines of an export, at most ${maxImported}`)
  .meta({ examples: [linesExample] })

const { shape } = exportedRecord
const { id: _, image_url: _image, thumbnail_url: _thumbnail, ...kept } = recordExample
const importedExample = { ...kept, format: 'jpeg' as const, vector: 'AACAPwAAAAA=' }

/** A record of an export as it is read back: what can be made again, such as links, is passed over. */
export const importedRecord = exportedRecord
  .omit({ id: true, image_url: true, thumbnail_url: true })
  .extend({
    image_uri: withoutPassword(shape.image_uri.trim().min(1).max(2048)).describe(
      'What the image is known by',
    ),
    described_by: shape.described_by.optional(),
    tags: shape.tags.optional(),
    thumbhash: shape.thumbhash.optional(),
    metadata: givenMetadata,
    format: imageFormat.nullable().describe('Format of the file'),
    embedder: z.string().describe('Id of the embedder that made its vector: that of the library'),
    indexed_at: z.iso
      .datetime({ precision: 3 })
      .nullable()
      .describe('When it was indexed: ISO 8601, UTC, with milliseconds'),
  })
  .describe('A record of an export, to take over')
  .meta({ id: 'ImportedRecord', examples: [importedExample] })

const notRecords = 'send lines of an export as application/x-ndjson, or a list of records as JSON'

export const importRequest = z
  .object(
    {
      records: z
        .array(importedRecord, notRecords)
        .describe(`Records of an export, at most ${maxImported}`),
    },
    notRecords,
  )
  .describe('Records of an export, for those who write JSON rather than lines')
  .meta({ id: 'ImportRequest', examples: [{ records: [importedExample] }] })

export const importResult = z
  .object({
    received: z.int().describe('How many records were sent'),
    stored: z.int().describe('How many of them are in the library, looked up after writing'),
    created: z.int().describe('How many are new'),
    replaced: z.int().describe('How many took the place of a record of the same image URI'),
    missing_files: z
      .int()
      .describe('How many have a file that is not here and has to be sent by itself'),
  })
  .describe('What an import did')
  .meta({
    id: 'ImportResult',
    examples: [{ received: 200, stored: 200, created: 180, replaced: 20, missing_files: 180 }],
  })
export type ImportResult = z.infer<typeof importResult>
