import type { MadeSearch, SearchList, SearchMatches, StandingSearch } from '../contract.ts'
import { jsonBody, readJson, type Cancellable, type Http } from '../http.ts'
import { questionForm, type QuestionOptions, type QuestionPart } from './questions.ts'

/** What bounds a question that stands; pages, groups and orders say nothing of a picture that comes alone. */
export interface NewSearchOptions extends Pick<
  QuestionOptions,
  | 'combine'
  | 'feedback'
  | 'scoreThreshold'
  | 'filter'
  | 'sparql'
  | 'minMatch'
  | 'cut'
  | 'exclude'
  | 'signal'
> {
  /** Where matches are sent as they come. */
  webhook?: string
}

export interface SearchChanges extends Cancellable {
  name?: string
  paused?: boolean
  /** Null: nowhere any more. */
  webhook?: string | null
}

export interface MatchOptions extends Cancellable {
  limit?: number
  /** `next_cursor` of the page before. */
  cursor?: number
  /** Only those that nobody has seen. */
  unseen?: boolean
}

export interface SeenOptions extends Cancellable {
  /** `number` of the last that was seen; all when absent. */
  upTo?: number
}

/** The calls about searches that stand: each tells of new pictures that match. */
export function searchCalls(http: Http) {
  const path = (id: string) => `/api/searches/${encodeURIComponent(id)}`
  const json = (method: string, body: object, signal: AbortSignal | undefined) => ({
    method,
    ...jsonBody(body),
    signal,
  })
  return {
    /** Lets a question stand. `webhook_secret` in the answer is the only place where that ever stands. */
    async add(
      name: string,
      parts: readonly QuestionPart[],
      { webhook, signal, ...asked }: NewSearchOptions = {},
    ): Promise<MadeSearch> {
      const body = questionForm(parts, asked)
      body.set('name', name)
      if (webhook !== undefined) body.set('webhook', webhook)
      return readJson(await http('/api/searches', { method: 'POST', body, signal }), signal)
    },

    async list({ signal }: Cancellable = {}): Promise<SearchList> {
      return readJson(await http('/api/searches', { signal }), signal)
    },

    /** Renames one, pauses it, or sets where it tells of matches, with a new secret. */
    async change(id: string, { signal, ...changes }: SearchChanges): Promise<MadeSearch> {
      return readJson(await http(path(id), json('PATCH', changes, signal)), signal)
    },

    /** Lets it stand no longer, and forgets what it found. */
    async remove(id: string, { signal }: Cancellable = {}): Promise<void> {
      await http(path(id), { method: 'DELETE', signal })
    },

    /** A page of what it has found, newest first. */
    async matches(id: string, options: MatchOptions = {}): Promise<SearchMatches> {
      const { signal, limit, cursor, unseen } = options
      const query = { limit, cursor, unseen: unseen ? 'true' : undefined }
      return readJson(await http(`${path(id)}/matches`, { query, signal }), signal)
    },

    /** Says that matches were seen. */
    async see(id: string, { upTo, signal }: SeenOptions = {}): Promise<StandingSearch> {
      const call = json('POST', { up_to: upTo }, signal)
      return readJson(await http(`${path(id)}/seen`, call), signal)
    },
  }
}
