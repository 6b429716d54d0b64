import { z } from 'zod'
import { imageFormat } from './images/record.ts'
import { errorCode } from './problem.ts'

const infoExample = {
  name: 'lookalike',
  version: '0.1.0',
  embedder: {
    id: 'visual:3@224',
    dimensions: 224,
    describes: 'semantic' as const,
    text: 'names' as const,
  },
  target_embedder: 'visual:3@224',
  store: 'embedded',
  graph: 'embedded',
  images: 1250,
  signed_in: false,
  limits: { max_upload_mb: 20, max_megapixels: 100, formats: imageFormat.options },
}

const embedderInfo = z
  .object({
    id: z.string().describe('Names model, version and dimensions'),
    dimensions: z.int().describe('How many numbers a vector has'),
    describes: z
      .enum(['semantic', 'visual'])
      .describe('`semantic`: descriptions say what is shown; `visual`: what was measured')
      .meta({ id: 'DescriptionKind' }),
    text: z
      .enum(['none', 'names', 'any'])
      .describe(
        'What pictures can be searched by beside pictures: `any` words, `names` (GET /api/vocabulary lists them), `none`',
      )
      .meta({ id: 'TextSearchKind' }),
  })
  .describe('The embedder that made the library, and answers until a re-index has ended')
  .meta({ id: 'EmbedderInfo', examples: [infoExample.embedder] })

const limits = z
  .object({
    max_upload_mb: z.number().describe('Largest file that is accepted, in megabytes'),
    max_megapixels: z.number().describe('Largest picture that is accepted, in megapixels'),
    formats: z.array(imageFormat).describe('Formats that can be read'),
  })
  .describe('What is accepted')
  .meta({ id: 'Limits', examples: [infoExample.limits] })

export const info = z
  .object({
    name: z.string().describe('What answers: lookalike'),
    version: z.string().describe('Its version'),
    embedder: embedderInfo,
    target_embedder: z
      .string()
      .describe(
        'Id of the embedder that the settings name; a re-index makes it that of the library',
      ),
    store: z.string().describe('Where records and vectors are kept'),
    graph: z.string().describe('Where statements about images live; `none` where no graph is kept'),
    images: z
      .int()
      .nullable()
      .describe('How many images the library has; null while the store cannot be reached'),
    signed_in: z
      .boolean()
      .describe('Whether the cookie of `POST /api/session` let this request in'),
    limits,
  })
  .describe('What runs here')
  .meta({ id: 'Info', examples: [infoExample] })
export type Info = z.infer<typeof info>

const status = z
  .enum(['ok', 'degraded', 'unavailable'])
  .describe('How well it works')
  .meta({ id: 'HealthStatus' })
const checkExample = { status: 'ok' as const, detail: 'All is in order.' }

const lastErrorExample = {
  code: 'provider_timeout' as const,
  detail: 'The model gpt-4o did not answer within 60 s (OPENAI_VISION_TIMEOUT_S). Try again.',
  at: '2026-11-26T09:30:00.000Z',
}

const lastError = z
  .object({
    code: errorCode,
    detail: z.string().describe('What happened and what to do'),
    at: z.iso.datetime().describe('When it happened'),
  })
  .describe(
    'The last time since the start that this part failed a caller; it may work again by now',
  )
  .meta({ id: 'LastError', examples: [lastErrorExample] })

const check = z.object({
  status,
  detail: z.string().describe('What is the matter and what to do; what is fine, when it is'),
  last_error: lastError.optional(),
})

export const healthCheck = check
  .describe('How well a part of the server works')
  .meta({ id: 'HealthCheck', examples: [checkExample] })
export type HealthCheck = z.infer<typeof healthCheck>

const diskExample = { ...checkExample, free_bytes: 42_000_000_000 }

const diskCheck = check
  .extend({
    free_bytes: z
      .int()
      .nullable()
      .describe('Room that is left, in bytes; null where the file system does not tell'),
  })
  .describe('How much room there is on the disk that holds DATA_DIR')
  .meta({ id: 'DiskCheck', examples: [diskExample] })

const checksExample = {
  store: checkExample,
  files: checkExample,
  disk: diskExample,
  embedder: { ...checkExample, last_error: lastErrorExample },
}

export const health = z
  .object({
    status: status.describe('How well the whole works'),
    checks: z
      .object({
        store: healthCheck.describe('Where records and vectors are kept'),
        files: healthCheck.describe('Where originals and thumbnails are kept'),
        disk: diskCheck,
        databases: healthCheck
          .optional()
          .describe('There once damaged pages were found in a database in DATA_DIR'),
        embedder: healthCheck.describe(
          'Whether its models are called, and whether it is the one that the settings name',
        ),
        graph: healthCheck
          .optional()
          .describe('How well the knowledge graph keeps up; searches do not depend on it'),
        searches: healthCheck
          .optional()
          .describe(
            'Whether searches that stand work, and their webhooks are taken; absent where none stands',
          ),
      })
      .describe('How well its parts work')
      .meta({ id: 'HealthChecks', examples: [checksExample] }),
  })
  .describe('How well it runs')
  .meta({
    id: 'Health',
    examples: [{ status: 'ok', checks: checksExample }],
  })
export type Health = z.infer<typeof health>

export const snapshotParameters = z.object({
  of: z
    .enum(['records', 'graph'])
    .default('records')
    .describe(
      'What is copied: records with their vectors, or the statements of the knowledge graph',
    ),
})

export const snapshot = z
  .object({
    file: z
      .string()
      .describe(
        'Where it lies, relative to DATA_DIR; with Qdrant its address there, or several with spaces between',
      ),
    images: z.int().describe('How many images it holds, or describes'),
    bytes: z.int().describe('Its size, in bytes'),
  })
  .describe('A copy of the library, or of the graph')
  .meta({
    id: 'Snapshot',
    examples: [{ file: 'snapshots/2026-11-22T09-30-00.db', images: 1250, bytes: 9_437_184 }],
  })

export const sessionRequest = z
  .object({
    // A longer cookie than browsers keep would be an answer that clients refuse.
    key: z.string().max(1000, 'must be at most 1000 characters').describe('A key of this server'),
  })
  .describe('What a page signs in with')
  .meta({ id: 'SessionRequest', examples: [{ key: 'a-long-random-string' }] })
