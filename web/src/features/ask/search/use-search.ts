import { useRef, useState } from 'react'
import type { Client, Stage, StageEvent } from '@lookalike/sdk'
import { formatQuestion, type Question } from '../../../address/question.ts'
import { ask, countOf, type Answer } from './ask.ts'
import { isLink, queriesOf, type Query } from '../query.ts'

interface Asked {
  question: Question
}
export type Found = Asked &
  Answer & {
    phase: 'found'
    queries: Query[]
    /** What goes on below what was found. */
    more: 'idle' | 'loading' | { error: unknown }
  }
type Failed = Asked & { phase: 'failed'; error: unknown }
type Settled = { phase: 'idle' } | Found | Failed
export type Searching = Asked & {
  phase: 'searching'
  stage: Stage
  /** Share of the pictures from outside that has left, 0 to 1. */
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
  /** Finds as many as the question shows, if there are any; those that are there already stay. */
  extend(question: Question): Promise<void>
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
      const queries = await queriesOf(question.parts, client, signal)
      const answer = await ask(
        {
          client,
          question,
          queries,
          signal,
          onStage: (event) => report((state) => advance(state, event)),
          onSent: (sent) =>
            report((state) => (state.phase === 'searching' ? { ...state, sent } : state)),
        },
        null,
      )
      const found: Found = { question, phase: 'found', queries, ...answer, more: 'idle' }
      remember(memory.current, found)
      return report(() => found)
    } catch (error) {
      return report(() => ({ question, phase: 'failed', error }))
    }
  }

  async function extend(question: Question): Promise<void> {
    if (state.phase !== 'found') return
    const found = { ...state, question }
    // What is there may be enough.
    if (state.next === null || countOf(state) >= question.limit) return setState(found)
    const controller = new AbortController()
    running.current?.abort()
    running.current = controller
    const report = (next: Found) => {
      if (running.current === controller) setState(next)
    }
    setState({ ...found, more: 'loading' })
    try {
      const asking = {
        client,
        question,
        queries: state.queries,
        signal: controller.signal,
        onStage: () => {},
        onSent: () => {},
      }
      const answer = await ask(asking, state)
      const extended: Found = { ...found, ...answer, more: 'idle' }
      remember(memory.current, extended)
      report(extended)
    } catch (error) {
      report({ ...found, more: { error } })
    }
  }

  return {
    state,
    run,
    extend,
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

function begin({ parts }: Question): Pick<Searching, 'phase' | 'stage' | 'sent'> {
  const outside = parts.filter(({ kind }) => kind === 'picture')
  const words = parts.some(({ kind }) => kind === 'words')
  const stage = outside.length > 0 ? 'receive' : words ? 'embed' : 'search'
  const isSent = outside.every(({ value }) => isLink(value))
  return { phase: 'searching', sent: isSent ? 1 : 0, stage }
}

function advance(state: SearchState, { stage }: StageEvent): SearchState {
  return state.phase === 'searching' ? { ...state, stage } : state
}

function settled(state: SearchState): Settled {
  return state.phase === 'searching' ? state.before : state
}
