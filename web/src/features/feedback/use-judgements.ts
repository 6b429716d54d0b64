import { useMemo } from 'react'
import type { Question } from '../../address/question.ts'
import { explain } from '../../components/failure.tsx'
import { useStable } from '../../components/use-stable.ts'
import { useServer } from '../../server.ts'
import { useStrings } from '../../strings/strings.ts'
import { partsOf } from '../ask/search/ask.ts'
import type { Found } from '../ask/search/use-search.ts'
import { judgementOf, withJudgement, type Judgement } from './judged.ts'
import type { Judging } from './judging.ts'
import { keepsJudgements } from './keeping.ts'

interface Judged {
  question: Question
  /** What is shown for it; null: nothing. */
  found: Found | null
  onChange: (judged: Pick<Question, 'right' | 'wrong'>) => void
  /** A judgement could not be kept, and why. */
  onFailed: (detail: string) => void
}

/** How results of a question are judged: in the address, which moves the search, and kept where somebody wants them kept. */
export function useJudgements({ question, found, onChange, onFailed }: Judged): Judging {
  const { feedback: t, frame } = useStrings()
  const { client, refuse } = useServer()
  const { judge } = useStable({
    judge(id: string, judgement: Judgement | null) {
      onChange(withJudgement(question, id, judgement))
      if (found && judgement && keepsJudgements()) void keep(found, id, judgement)
    },
  })

  // Of the question as it was before it was moved.
  async function keep({ queries }: Found, id: string, judgement: Judgement) {
    try {
      const { signal } = new AbortController()
      const parts = await partsOf({ client, question, queries, signal })
      await client.feedback.add(parts, id, judgement)
    } catch (failed) {
      refuse(failed)
      onFailed(t.failed(explain(failed, frame).detail))
    }
  }

  return useMemo(
    (): Judging => ({ of: (id) => judgementOf(question, id), judge }),
    [question, judge],
  )
}
