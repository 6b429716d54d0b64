import { z } from 'zod'
import { count, entriesOf, url } from '../../setting-types.ts'
import { defaultSettings, type IndexType } from './options.ts'

const indexTypes = ['keyword', 'integer', 'float', 'bool'] as const satisfies IndexType[]
const defaultUrl = 'http://localhost:6333'
const defaults = defaultSettings

/** The settings of this store as they are read from the environment; Qdrant's own words. */
export const qdrantSettings = {
  QDRANT_URL: url.optional().meta({ default: defaultUrl, description: 'Qdrant server' }),
  QDRANT_API_KEY: z.string().optional().describe('Key for that server'),
  QDRANT_COLLECTION: z.string().default('images').describe('Collection in that server'),
  QDRANT_VECTOR_NAME: z
    .string()
    .min(1)
    .optional()
    .describe('Which named vector of that collection; by default the only one that fits'),
  QDRANT_SHARD_NUMBER: count
    .optional()
    .describe('At creation: parts the collection is split into; by default one per node'),
  QDRANT_REPLICATION_FACTOR: count
    .default(defaults.replicationFactor)
    .describe('At creation: copies of each part; 2 or more survive the loss of a node'),
  QDRANT_WRITE_CONSISTENCY_FACTOR: count
    .default(defaults.writeConsistencyFactor)
    .describe('At creation: copies that must hold a write before it is acknowledged'),
  QDRANT_READ_CONSISTENCY: z
    .union([z.enum(['majority', 'quorum', 'all']), count])
    .default(defaults.readConsistency)
    .describe('Copies that a read compares: a number, majority, quorum or all'),
  QDRANT_ON_DISK: z
    .stringbool()
    .default(defaults.onDisk)
    .describe('At creation: true keeps full vectors on disk, for libraries larger than memory'),
  QDRANT_QUANTIZATION: z
    .enum(['none', 'scalar', 'binary'])
    .default(defaults.quantization)
    .describe('At creation: none, scalar (int8, a quarter) or binary (a thirty-second) in memory'),
  QDRANT_OVERSAMPLING: z.coerce
    .number()
    .min(1)
    .default(defaults.oversampling)
    .describe('Quantized searches score this many times the limit again with full vectors'),
  QDRANT_HNSW_M: count
    .default(defaults.hnsw.m)
    .describe('At creation: links per vector in the index'),
  QDRANT_HNSW_EF_CONSTRUCT: count
    .min(4)
    .default(defaults.hnsw.efConstruct)
    .describe('At creation: candidates looked at while the index is built'),
  QDRANT_SEARCH_EF: count
    .optional()
    .describe('Candidates looked at in a search; more is slower and finds more'),
  QDRANT_INDEXES: z
    .string()
    .transform(readIndexes)
    .default({})
    .describe(
      'Types of the indexes of metadata keys, as in category:keyword,year:integer (also float, bool); others get theirs by themselves',
    ),
}

type QdrantSettings = z.output<z.ZodObject<typeof qdrantSettings>>

export function qdrantOptions(settings: QdrantSettings) {
  return {
    url: settings.QDRANT_URL ?? defaultUrl,
    ...(settings.QDRANT_API_KEY && { apiKey: settings.QDRANT_API_KEY }),
    collection: settings.QDRANT_COLLECTION,
    vectorName: settings.QDRANT_VECTOR_NAME ?? null,
    alias: `${settings.QDRANT_COLLECTION}-in-use`,
    settings: {
      shardNumber: settings.QDRANT_SHARD_NUMBER ?? null,
      replicationFactor: settings.QDRANT_REPLICATION_FACTOR,
      writeConsistencyFactor: settings.QDRANT_WRITE_CONSISTENCY_FACTOR,
      readConsistency: settings.QDRANT_READ_CONSISTENCY,
      onDisk: settings.QDRANT_ON_DISK,
      quantization: settings.QDRANT_QUANTIZATION,
      oversampling: settings.QDRANT_OVERSAMPLING,
      hnsw: { m: settings.QDRANT_HNSW_M, efConstruct: settings.QDRANT_HNSW_EF_CONSTRUCT },
      searchEf: settings.QDRANT_SEARCH_EF ?? null,
      indexes: settings.QDRANT_INDEXES,
    },
  }
}

/** `key:type,key:type`; a key may itself hold colons and dots, its type comes last. */
function readIndexes(text: string, context: z.RefinementCtx): { [key: string]: IndexType } {
  const indexes: { [key: string]: IndexType } = {}
  for (const entry of entriesOf(text)) {
    const colon = entry.lastIndexOf(':')
    const type = indexTypes.find((known) => known === entry.slice(colon + 1))
    if (colon > 0 && type) indexes[entry.slice(0, colon)] = type
    else {
      const message = `'${entry}' is not key:type with one of the types ${indexTypes.join(', ')}`
      context.addIssue({ code: 'custom', message })
    }
  }
  return indexes
}
