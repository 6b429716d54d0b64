import type { Question } from '../../address/question.ts'
import { useStrings } from '../../strings/strings.ts'
import { judgedIn } from './judged.ts'
import './judged-note.css'

/** Says that a search was moved by judgements, and takes these back. */
export function JudgedNote({ question, onClear }: { question: Question; onClear: () => void }) {
  const t = useStrings().feedback
  const { relevant, irrelevant } = judgedIn(question)
  if (relevant.length + irrelevant.length === 0) return null
  return (
    <p className="judged-note">
      {t.moved(relevant.length, irrelevant.length)}{' '}
      <button type="button" className="link" onClick={onClear}>
        {t.clear}
      </button>
    </p>
  )
}
