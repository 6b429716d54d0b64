import type { LookalikeApiError } from '@lookalike/sdk'

/** A kind of problem in the words of a language. */
export interface Told {
  title: string
  /** What there is to do. */
  detail: string
}

/** Problems of the server by their code; those that are not here are told in the server's own words, which are English. */
export type Problems = Partial<Record<LookalikeApiError['problem']['code'], Told>>
