import { z } from 'zod'
import { estimate } from './usage.ts'
import { nullableText } from './values/json.ts'

export const reindexRequest = z
  .object({
    dry_run: z.boolean().default(false).describe('Only say what it would take'),
    describe_again: z
      .boolean()
      .default(false)
      .describe('Describe every picture as the settings do now, also with the same embedder'),
    drop_failed: z
      .boolean()
      .default(false)
      .describe(
        'Delete records that cannot be re-embedded, instead of stopping before the cutover',
      ),
  })
  .describe('How the library is to be re-embedded')
  .meta({ id: 'ReindexRequest', examples: [{ dry_run: true }] })

export const reindexPlan = z
  .object({
    records: z.int().describe('How many records the library has'),
    describe: z.int().describe('Records to be described and, as a rule, embedded'),
    embed: z.int().describe('Records of which only a vector is to be made'),
    cached: z.int().describe('Records for which no model has to be asked: its answers are known'),
    from_description: z
      .int()
      .describe('Records whose file is missing, and whose description will do'),
    missing_source: z.int().describe('Records that have neither, and cannot be re-embedded'),
    ...estimate,
  })
  .describe('What re-embedding the library would take')
  .meta({
    id: 'ReindexPlan',
    examples: [
      {
        records: 1250,
        describe: 1200,
        embed: 40,
        cached: 10,
        from_description: 3,
        missing_source: 0,
        estimated_usd: 0.62,
        estimated_minutes: 8.1,
        basis: 'measured',
      },
    ],
  })
export type ReindexPlan = z.infer<typeof reindexPlan>

const imageUri = z.string().describe('What the image is known by')
const id = z.string().describe('Id of the record')
const failureExample = {
  id: '3b1b6d1e-7f0a-4c55-8f8b-6f0a2b9c1d10',
  image_uri: 'https://example.org/photos/fox.jpg',
  reason: 'Its file is not here, and it has no description.',
}

export const reindexFailure = z
  .object({ id, image_uri: imageUri, reason: z.string().describe('Why, and what to do') })
  .describe('A record that could not be re-embedded')
  .meta({ id: 'ReindexFailure', examples: [failureExample] })
export type ReindexFailure = z.infer<typeof reindexFailure>

const countsExample = {
  total: 1250,
  done: 800,
  cached: 10,
  described: 760,
  embedded: 790,
  from_description: 3,
  failed: 0,
}

const counts = z
  .object({
    total: z.int().describe('Records of the library'),
    done: z.int().describe('Of those, how many are in the new library'),
    cached: z.int().describe('Re-embedded without asking a model: its answers were known'),
    described: z.int().describe('Described by a model'),
    embedded: z.int().describe('Embedded by a model, those that were described included'),
    from_description: z.int().describe('Embedded by their description: their file is missing'),
    failed: z.int().describe('Records that could not be re-embedded'),
  })
  .describe('How many records are how far')
  .meta({ id: 'ReindexCounts', examples: [countsExample] })

const sampleExample = {
  id: failureExample.id,
  image_uri: failureExample.image_uri,
  shared: 4,
  compared: 10,
  nearest_before: 'https://example.org/photos/vixen.jpg',
  nearest_after: 'https://example.org/photos/fox-2.jpg',
}

const overlapSample = z
  .object({
    id,
    image_uri: imageUri,
    shared: z.int().describe('How many of its nearest neighbours are the same in both libraries'),
    compared: z.int().describe('Of how many: ten, or all others of a small library'),
    nearest_before: nullableText.describe('Image URI of its nearest neighbour before'),
    nearest_after: nullableText.describe('Image URI of its nearest neighbour now'),
  })
  .describe('How the neighbours of one record changed')
  .meta({ id: 'OverlapSample', examples: [sampleExample] })

const neighbourOverlap = z
  .object({
    sampled: z.int().describe('How many records were looked at'),
    mean: z
      .number()
      .describe(
        'Share of the ten nearest neighbours that stayed, 0 to 1, averaged over the sample',
      ),
    same_nearest: z.int().describe('How many kept their nearest neighbour'),
    lowest: z.array(overlapSample).describe('Those that changed most, at most ten'),
  })
  .describe('How the neighbours of sampled records changed')
  .meta({
    id: 'NeighbourOverlap',
    examples: [{ sampled: 50, mean: 0.82, same_nearest: 41, lowest: [sampleExample] }],
  })

export const reindexStatus = z
  .object({
    state: z
      .enum(['none', 'running', 'stopped', 'failed', 'complete'])
      .describe('`none` where there never was one; one that stopped or failed can be resumed')
      .meta({ id: 'ReindexState' }),
    previous_embedder: z.string().describe('Id of the embedder that made the library'),
    target_embedder: z.string().describe('Id of the embedder that it is re-embedded for'),
    describe_again: z.boolean().describe('Whether every picture is described again'),
    drop_failed: z.boolean().describe('Whether records that cannot be re-embedded are deleted'),
    counts,
    failures: z.array(reindexFailure).describe('The first hundred'),
    reason: nullableText.describe('Why it is not running, and what to do; null when all is well'),
    started_at: nullableText.describe('When it began: ISO 8601, UTC'),
    finished_at: nullableText.describe('When it ended: ISO 8601, UTC'),
    records_per_second: z
      .number()
      .nullable()
      .describe('How fast it is; null while it is not running'),
    neighbour_overlap: neighbourOverlap
      .nullable()
      .describe('How the neighbours of sampled records changed; null before that is known'),
    previous_library: nullableText.describe('Where the previous library still is, if it is'),
  })
  .describe('How a re-index stands')
  .meta({
    id: 'ReindexStatus',
    examples: [
      {
        state: 'running',
        previous_embedder: 'visual:3@224',
        target_embedder: 'openai:gpt-4.1-mini+text-embedding-3-small@1536',
        describe_again: false,
        drop_failed: false,
        counts: countsExample,
        failures: [],
        reason: null,
        started_at: '2026-11-22T09:30:00.000Z',
        finished_at: null,
        records_per_second: 2.6,
        neighbour_overlap: null,
        previous_library: null,
      },
    ],
  })
export type ReindexStatus = z.infer<typeof reindexStatus>
