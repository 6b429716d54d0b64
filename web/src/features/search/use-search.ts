import { useRef, useState } from 'react'
import type { Client, SearchOptions, SearchResponse, Stage, StageEvent } from '@lookalike/sdk'
import type { Query } from './query.ts'

/** A stage of a running search; times are milliseconds since it began. */
export interface StageMark {
  stage: Stage
  startedMs: number
  /** Null while the stage runs. */
  endedMs: number | null
}

interface Asked {
  query: Query
  limit: number
}
export type Found = Asked & { phase: 'found'; response: SearchResponse }
type Failed = Asked & { phase: 'failed'; error: unknown }
type Settled = { phase: 'idle' } | Found | Failed
export type Searching = Asked & { phase: 'searching'; stages: StageMark[]; before: Settled }
export type SearchState = Settled | Searching

export interface Search {
  state: SearchState
  /**
   * Starts a search; one that is running is cancelled for it.
   *
   * @returns whether it came to an end, be it a failure, rather than being cancelled
   */
  run(query: Query, limit: number): Promise<boolean>
  /** Stops the running search and goes back to what was there before it. */
  cancel(): void
  /** Forgets the last search. */
  reset(): void
}

/** The life of a search: idle, searching stage by stage, then found or failed. */
export function useSearch(client: Client): Search {
  const [state, setState] = useState<SearchState>({ phase: 'idle' })
  const running = useRef<AbortController>(null)

  function leave(next: (state: SearchState) => SearchState) {
    running.current?.abort()
    running.current = null
    setState(next)
  }

  async function run(query: Query, limit: number): Promise<boolean> {
    const asked = { query, limit }
    const first = firstStage[query.kind]
    leave((state) => ({ ...asked, ...begin(first), before: settled(state) }))
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
      const response = await ask(client, query, {
        limit,
        signal,
        onStage: (event) => report((state) => advance(state, event)),
      })
      return report(() => ({ ...asked, phase: 'found', response }))
    } catch (error) {
      return report(() => ({ ...asked, phase: 'failed', error }))
    }
  }

  return {
    state,
    run,
    cancel: () => leave(settled),
    reset: () => leave(() => ({ phase: 'idle' })),
  }
}

const firstStage = { file: 'receive', stored: 'search', text: 'embed' } as const

function ask(client: Client, query: Query, options: SearchOptions): Promise<SearchResponse> {
  switch (query.kind) {
    case 'file':
      return client.searchSimilar(query.file, options)
    case 'stored':
      return client.similarTo(query.id, options)
    case 'text':
      return client.searchText(query.text, options)
  }
}

function begin(stage: Stage): Pick<Searching, 'phase' | 'stages'> {
  return { phase: 'searching', stages: [{ stage, startedMs: 0, endedMs: null }] }
}

function advance(state: SearchState, { stage, elapsed_ms }: StageEvent): SearchState {
  if (state.phase !== 'searching' || state.stages.at(-1)?.stage === stage) return state
  const done = state.stages.map((mark) => ({ ...mark, endedMs: mark.endedMs ?? elapsed_ms }))
  return { ...state, stages: [...done, { stage, startedMs: elapsed_ms, endedMs: null }] }
}

function settled(state: SearchState): Settled {
  return state.phase === 'searching' ? state.before : state
}
