import { useCallback, useMemo } from 'react'
import { useLocation, useSearch } from 'wouter'
import { formatQuestion, parseQuestion, type Question } from './question.ts'

/** `push`: a step that Back takes back. `replace`: the same step, otherwise. */
type Step = 'push' | 'replace'

/** Puts a question into the address; `state` stays with that step, also when Back leads to it. */
type Go = (question: Question, step: Step, state?: unknown) => void

/** The question that the address holds, and a way to put another one there. */
export function useQuestion(): [Question, Go] {
  const search = useSearch()
  const [path, navigate] = useLocation()
  const question = useMemo(() => parseQuestion(search), [search])
  const go = useCallback(
    (next: Question, step: Step, state: unknown = null) => {
      travelled = false
      navigate(`${path}${formatQuestion(next)}`, { replace: step === 'replace', state })
    },
    [path, navigate],
  )
  return [question, go]
}

let travelled = false

// Before the router hears of it, and so before anything is drawn for the new address.
addEventListener('popstate', () => (travelled = true), { capture: true })

/** Whether Back or Forward led to the address that is shown: what was seen there is wanted again as it was. */
export function cameBack(): boolean {
  return travelled
}
