export {
  createClient,
  type Client,
  type ClientOptions,
  type ExportOptions,
  type FacetOptions,
  type IndexOptions,
  type ListOptions,
  type PageOptions,
  type RemovalOptions,
  type SearchOptions,
  type SimilarOptions,
  type UsageOptions,
} from './client.ts'
export type { ReindexOptions } from './reindex.ts'
export { LookalikeApiError, LookalikeConnectionError } from './errors.ts'
export type * from './reindex-types.ts'
export type * from './types.ts'
