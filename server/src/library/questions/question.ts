import type { Region } from '../../images/crop.ts'
import type { SearchOptions } from '../searching/search.ts'
import type { SearchQuery } from '../query.ts'
import type { Judgements } from './judgements.ts'

/** A part of a question. */
export interface Part {
  readonly query: SearchQuery
  /** Above 0: results are to be like it; below: unlike it. */
  readonly weight: number
  /** Of a picture, only this is looked at. */
  readonly region?: Region | undefined
}

export type Order =
  | { readonly key: string; readonly order: 'asc' | 'desc' }
  | { readonly random: number }

/** What may be said of the results of a question, beside what may of those of any search. */
export interface QuestionOptions extends Omit<SearchOptions, 'ranking'> {
  readonly combine: 'sum' | 'all'
  /** Only with a sum, which they move. */
  readonly judgements?: Judgements | undefined
  readonly offset: number
  /** Ids that are not to be found, beside those of the parts. */
  readonly exclude: readonly string[]
  readonly groupBy?: string | undefined
  readonly groupSize: number
  /** 0 to 1; see `byMarginalRelevance`. */
  readonly diversity: number
  readonly sort?: Order | undefined
  /** How many of the nearest are put in another order. */
  readonly among: number
}
