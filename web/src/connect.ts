import { keepingAnswers } from './offline/kept-answers.ts'
import { createClient, type ClientOptions } from '@lookalike/sdk'

/** The API lies beside the page, which may be served below a path. */
export const base = new URL('.', location.href)

export function connect(options: ClientOptions = {}) {
  return createClient({ baseUrl: base.href, fetch: keepingAnswers(fetch), ...options })
}
