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
  type UsageOptions,
} from './client.ts'
export { thumbnailSrcSet } from './src-set.ts'
export type { SimilarOptions } from './search-options.ts'
export type { QuestionOptions, QuestionPart, Region } from './questions.ts'
export type { MatchOptions, NewSearchOptions, SearchChanges, SeenOptions } from './searches.ts'
export type { FeedbackOptions } from './feedback.ts'
export type { KeyOptions } from './keys.ts'
export type { ReindexOptions } from './reindex.ts'
export { type ApiProblem, LookalikeApiError, LookalikeConnectionError } from './errors.ts'
export type * from './contract.ts'
