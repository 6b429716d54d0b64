import { useEffect, useEffectEvent, useState } from 'react'
import type { Question } from '../../../address/question.ts'

/** What a person can set; `minimum` is a cosine similarity, 0 meaning no cut. */
export type Settings = Pick<Question, 'limit' | 'minimum'>

/** Safari lets a page change its address a hundred times in half a minute. */
const restMs = 250

/** The settings as they are dragged; `onRest` hears of them when the hand rests. */
export function useSettings(
  { limit, minimum }: Question,
  onRest: (settings: Settings) => void,
): [Settings, (settings: Settings) => void] {
  const [draft, setDraft] = useState<Settings | null>(null)
  const rest = useEffectEvent(onRest)
  useEffect(() => {
    if (!draft) return
    const resting = setTimeout(() => {
      setDraft(null)
      rest(draft)
    }, restMs)
    return () => clearTimeout(resting)
  }, [draft])
  return [draft ?? { limit, minimum }, setDraft]
}
