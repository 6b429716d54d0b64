import { feedbackCalls } from './calls/feedback.ts'
import { graphCalls } from './calls/graph.ts'
import { imageSearchCalls } from './calls/image-search.ts'
import { imageCalls } from './calls/images.ts'
import { keyCalls } from './calls/keys.ts'
import { libraryCalls } from './calls/library.ts'
import { questionCalls } from './calls/questions.ts'
import { reindexCalls } from './calls/reindex.ts'
import { searchCalls } from './calls/searches.ts'
import { serviceCalls } from './calls/service.ts'
import { transferCalls } from './calls/transfer.ts'
import { whyCalls } from './calls/why.ts'
import { createHttp, type HttpOptions } from './http.ts'

export type ClientOptions = HttpOptions

/** All calls. Written out, not inferred: the types that are published name nothing outside the package. */
export interface Client
  extends
    ReturnType<typeof imageSearchCalls>,
    ReturnType<typeof questionCalls>,
    ReturnType<typeof whyCalls>,
    ReturnType<typeof imageCalls>,
    ReturnType<typeof libraryCalls>,
    ReturnType<typeof transferCalls>,
    ReturnType<typeof graphCalls>,
    ReturnType<typeof keyCalls>,
    ReturnType<typeof reindexCalls>,
    ReturnType<typeof serviceCalls> {
  feedback: ReturnType<typeof feedbackCalls>
  searches: ReturnType<typeof searchCalls>
}

/**
 * A typed client for Lookalike's HTTP API, for browsers and Node alike.
 *
 * Every call throws `LookalikeApiError` for an error answer, `LookalikeConnectionError` when no
 * answer came, and the signal's reason once aborted.
 *
 * @example
 * const lookalike = createClient({ baseUrl: 'http://127.0.0.1:8000' })
 * const { results } = await lookalike.searchSimilar(file, { limit: 5 })
 */
export function createClient(options: ClientOptions = {}): Client {
  const http = createHttp(options)
  return {
    ...imageSearchCalls(http),
    ...questionCalls(http),
    ...whyCalls(http),
    ...imageCalls(http),
    ...libraryCalls(http),
    ...transferCalls(http),
    ...graphCalls(http),
    ...keyCalls(http),
    ...reindexCalls(http),
    ...serviceCalls(http),
    feedback: feedbackCalls(http),
    searches: searchCalls(http),
  }
}
