import { z } from 'zod'
import { imageFormat, imageRecord, listParameters, recordExample } from './images.ts'
import { givenMetadata, nullableText } from './values/json.ts'

export const exportParameters = listParameters.omit({ limit: true })

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

/** JSON Lines as they arrive. */
export const importBody = z
  .string('must be JSON Lines: send Content-Type application/x-ndjson')
  .describe('Lines of an export, at most 500')

const { shape } = exportedRecord

/** A line of an export as it is read back: what can be made again, such as links, is passed over. */
export const importedLine = exportedRecord
  .omit({ id: true, image_url: true, thumbnail_url: true })
  .extend({
    image_uri: shape.image_uri.trim().min(1).max(2048),
    described_by: shape.described_by.optional(),
    tags: shape.tags.optional(),
    metadata: givenMetadata,
    format: imageFormat.nullable(),
    embedder: z.string(),
    indexed_at: z.iso.datetime({ precision: 3 }).nullable(),
  })

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
