import { useEffect, useEffectEvent } from 'react'
import type { Client } from '@lookalike/sdk'
import { asksSomething } from '../../../address/parts.ts'
import { askedBy, type Question } from '../../../address/question.ts'
import { cameBack } from '../../../address/use-question.ts'
import { useSearch, type Search } from './use-search.ts'

interface Listeners {
  /** Something else is asked. */
  onQuestion: () => void
  /** A search came to its end, be it a failure. */
  onEnd: () => void
}

/** The search for what the address asks: whatever changes the question changes the address, and Back and Forward do too. */
export function useAddressSearch(
  client: Client,
  question: Question,
  { onQuestion, onEnd }: Listeners,
): Search {
  const search = useSearch(client)
  const { state } = search

  async function run(asked: Question) {
    const ended = await search.run(asked)
    if (ended) onEnd()
    return ended
  }

  const asked = askedBy(question)
  const follow = useEffectEvent(() => {
    if (!asksSomething(question.parts)) search.reset()
    else if (state.phase === 'idle' || askedBy(state.question) !== asked) {
      onQuestion()
      if (!(cameBack() && search.recall(question))) void run(question)
    }
  })
  useEffect(() => follow(), [asked])

  // Fewer are shown at once; more have to be asked for, if there are any.
  const { limit } = question
  const { phase } = state
  const extend = useEffectEvent(() => {
    if (state.phase !== 'found' || state.question.limit === limit) return
    if (askedBy(state.question) === asked) void search.extend(question)
  })
  useEffect(() => extend(), [limit, phase])

  return { ...search, run }
}
