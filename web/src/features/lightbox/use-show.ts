import { formatQuestion } from '../../address/question.ts'
import { useQuestion } from '../../address/use-question.ts'

/** The picture that is looked at by itself, as the address has it, and how one comes to it and away. */
export function useShow() {
  const [question, go] = useQuestion()
  const under = formatQuestion({ ...question, show: '' })
  return {
    /** Its id; empty: none. */
    shown: question.show,
    /** The query string under which one is shown over what is there now. */
    hrefOf: (id: string) => `${under}${under ? '&' : '?'}show=${encodeURIComponent(id)}`,
    open: (id: string) => go({ ...question, show: id }, 'push', opened),
    /** Another one, in the same step: Back closes. */
    move: (id: string) => go({ ...question, show: id }, 'replace', history.state),
    close() {
      // Where it was opened from here, the step before is this without it. Else the address came from elsewhere.
      if (isOpened(history.state)) history.back()
      else go({ ...question, show: '' }, 'replace')
    },
  }
}

const opened = { opened: true }

function isOpened(state: unknown): boolean {
  return typeof state === 'object' && state !== null && 'opened' in state
}
