import { useRef, useState } from 'react'
import type { Client, SearchOptions, SearchResponse, Stage, StageEvent } from '@lookalike/sdk'
import { connect } from '../../connect.ts'
import { formatQuestion, type Question } from '../../address/question.ts'
import { isLink, queryOf, type Query } from './query.ts'
import { uploadingFetch } from './uploading-fetch.ts'

interface Asked {
  question: Question
}
export type Found = Asked & { phase: 'found'; query: Query; response: SearchResponse }
type Failed = Asked & { phase: 'failed'; error: unknown }
type Settled = { phase: 'idle' } | Found | Failed
export type Searching = Asked & {
  phase: 'searching'
  stage: Stage
  /** Share of a picture from outside that has left, 0 to 1. */
  sent: number
  before: Settled
}
export type SearchState = Settled | Searching

export interface Search {
  state: SearchState
  /**
   * Starts a search; one that is running is cancelled for it.
   *
   * @returns whether it came to an end, be it a failure, rather than being cancelled
   */
  run(question: Question): Promise<boolean>
  /** Shows again what was found for this question, without asking. @returns whether that is still known */
  recall(question: Question): boolean
  /** Stops the running search and goes back to what was there before it. @returns that */
  cancel(): Settled
  /** Forgets the last search. */
  reset(): void
}

/** Answers that Back and Forward show again. */
const remembered = 20

/** The life of a search: idle, searching stage by stage, then found or failed. */
export function useSearch(client: Client): Search {
  const [state, setState] = useState<SearchState>({ phase: 'idle' })
  const running = useRef<AbortController>(null)
  const memory = useRef(new Map<string, Found>())

  function leave(next: (state: SearchState) => SearchState) {
    running.current?.abort()
    running.current = null
    setState(next)
  }

  async function run(question: Question): Promise<boolean> {
    leave((state) => ({ question, ...begin(question), before: settled(state) }))
    const controller = new AbortController()
    running.current = controller
    const { signal } = controller
    // A search that was cancelled or overtaken must not write over what came after it.
    const report = (next: (state: SearchState) => SearchState) => {
      const current = running.current === controller
      if (current) setState(next)
      return current
    }
    try {
      const query = await queryOf(question, client, signal)
      const response = await ask(client, query, {
        limit: question.limit,
        ...(question.filter ? { filter: question.filter } : {}),
        signal,
        onStage: (event) => report((state) => advance(state, event)),
        onSent: (sent) =>
          report((state) => (state.phase === 'searching' ? { ...state, sent } : state)),
      })
      const found: Found = { question, phase: 'found', query, response }
      remember(memory.current, found)
      return report(() => found)
    } catch (error) {
      return report(() => ({ question, phase: 'failed', error }))
    }
  }

  return {
    state,
    run,
    recall(question) {
      const found = memory.current.get(answerKey(question))
      if (found) leave(() => found)
      return found !== undefined
    },
    cancel() {
      leave(settled)
      return settled(state)
    },
    reset: () => leave(() => ({ phase: 'idle' })),
  }
}

function remember(memory: Map<string, Found>, found: Found): void {
  const key = answerKey(found.question)
  memory.delete(key)
  memory.set(key, found)
  for (const oldest of memory.keys()) {
    if (memory.size <= remembered) break
    memory.delete(oldest)
  }
}

/** The minimum cuts what was answered, and one of it may be looked at; all else decides what is answered. */
function answerKey(question: Question): string {
  return formatQuestion({ ...question, minimum: 0, show: '' })
}

interface AskOptions extends SearchOptions {
  onSent: (share: number) => void
}

function ask(
  client: Client,
  query: Query,
  { onSent, ...options }: AskOptions,
): Promise<SearchResponse> {
  switch (query.kind) {
    case 'file':
      return connect({ fetch: uploadingFetch(onSent) }).searchSimilar(query.file, options)
    case 'link':
      return client.searchSimilar(query.url, options)
    case 'stored':
      return client.similarTo(query.id, options)
    case 'text':
      return client.searchText(query.text, options)
  }
}

function begin({ words, like, picture }: Question): Pick<Searching, 'phase' | 'stage' | 'sent'> {
  const stage = words ? 'embed' : like ? 'search' : 'receive'
  return { phase: 'searching', sent: isLink(picture) ? 1 : 0, stage }
}

function advance(state: SearchState, { stage }: StageEvent): SearchState {
  return state.phase === 'searching' ? { ...state, stage } : state
}

function settled(state: SearchState): Settled {
  return state.phase === 'searching' ? state.before : state
}
