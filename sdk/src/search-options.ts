import type { Filter, Match } from './contract.ts'
import type { Cancellable } from './http.ts'

export interface SimilarOptions extends Cancellable {
  /** How many results at most, 1 to 100; the server's default is 10. */
  limit?: number
  /** Results score at least this, 0 to 1; absent or 0 means no cut. */
  scoreThreshold?: number
  filter?: Filter
  /** SPARQL SELECT whose `?image` are the only pictures that may be found. */
  sparql?: string
  /** Of results that show the same picture, only the best; with a cut, where it is not false. */
  hideDuplicates?: boolean
  /** Only results that match at least so well. */
  minMatch?: Match
  /** `auto`: stop where likeness ends; then `nearest` and `note` say why there is no result, where there is none. */
  cut?: 'none' | 'auto'
}
