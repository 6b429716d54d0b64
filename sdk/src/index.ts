export { createClient, type Client, type ClientOptions } from './client.ts'
export type { SearchOptions } from './calls/image-search.ts'
export type { IndexOptions, RemovalOptions } from './calls/images.ts'
export type { FacetOptions, ListOptions, PageOptions } from './calls/library.ts'
export type { UsageOptions } from './calls/service.ts'
export type { ExportOptions } from './calls/transfer.ts'
export { thumbnailSrcSet } from './src-set.ts'
export type { SimilarOptions } from './search-options.ts'
export type { QuestionOptions, QuestionPart, Region } from './calls/questions.ts'
export type {
  MatchOptions,
  NewSearchOptions,
  SearchChanges,
  SeenOptions,
} from './calls/searches.ts'
export type { FeedbackOptions } from './calls/feedback.ts'
export type { KeyOptions } from './calls/keys.ts'
export type { ReindexOptions } from './calls/reindex.ts'
export { type ApiProblem, LookalikeApiError, LookalikeConnectionError } from './errors.ts'
export type * from './contract.ts'
