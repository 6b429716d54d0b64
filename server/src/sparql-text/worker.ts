import { LookalikeError, type ErrorCode } from '../errors.ts'
import { queryOf, type ReadQuery } from './query.ts'
import type { Graphs } from './scope.ts'
import { updateOf, type ReadUpdate } from './update.ts'

export interface ReadingTask {
  readonly text: string
  /** Given for an update; what comes without is a query. */
  readonly graphs?: Graphs
}

/** Errors cross threads as what they say. */
export type Reading =
  | { readonly read: ReadQuery | ReadUpdate }
  | { readonly refused: { readonly code: ErrorCode; readonly message: string } }

const tooMuch = 'The text chains or nests more than can be read. Ask in several queries.'

export default function read({ text, graphs }: ReadingTask): Reading {
  try {
    return { read: graphs ? updateOf(text, graphs) : queryOf(text) }
  } catch (error) {
    // The stack ended: chains of thousands of operators are trees as deep.
    if (error instanceof RangeError) return { refused: { code: 'query_refused', message: tooMuch } }
    if (!(error instanceof LookalikeError)) throw error
    return { refused: { code: error.code, message: error.message } }
  }
}
