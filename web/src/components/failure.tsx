import { LookalikeApiError, LookalikeConnectionError } from '@lookalike/sdk'
import { useStrings, type Strings } from '../strings/strings.ts'
import './failure.css'

/** What an error says to a person, whichever way it came. */
export interface Explanation {
  title: string
  detail: string
  /** What the server said itself, in English, where this is told in other words. */
  original?: string
  code?: string
  requestId?: string
}

export function explain(error: unknown, { failure, problems }: Strings['frame']): Explanation {
  if (error instanceof LookalikeApiError) {
    const { code, request_id: requestId, ...said } = error.problem
    const told = problems[code]
    if (!told) return { title: said.title, detail: said.detail, code, requestId }
    return { ...told, original: said.detail, code, requestId }
  }
  if (error instanceof LookalikeConnectionError) {
    return { title: failure.noAnswer, detail: failure.noAnswerDetail }
  }
  return {
    title: failure.page,
    detail: failure.pageDetail(String(error)),
  }
}

export function isUnauthorized(error: unknown): boolean {
  return error instanceof LookalikeApiError && error.problem.status === 401
}

// The same request that was refused for what it is would be refused again.
function isFinal(error: unknown): boolean {
  return error instanceof LookalikeApiError && !error.retryable
}

interface FailureProps {
  error: unknown
  /** False where something above says the title already. */
  titled: boolean
  onRetry: () => void
}

/** What went wrong, what to do about it, and what to quote when asking for help. */
export function Failure({ error, titled, onRetry }: FailureProps) {
  const t = useStrings().frame
  const { title, detail, original, code, requestId } = explain(error, t)
  return (
    <section className="failure">
      {titled && <h3 className="failure__title">{title}</h3>}
      <p className="failure__detail" role="alert">
        {detail}
      </p>
      {!isFinal(error) && (
        <button type="button" className="button" onClick={onRetry}>
          {t.failure.again}
        </button>
      )}
      {(code || requestId) && (
        <dl className="failure__facts">
          {original && <Fact term={t.failure.original} value={original} lang="en" />}
          {code && <Fact term={t.failure.code} value={code} />}
          {requestId && <Fact term={t.failure.request} value={requestId} />}
        </dl>
      )}
    </section>
  )
}

function Fact({ term, value, lang }: { term: string; value: string; lang?: string }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd lang={lang}>{value}</dd>
    </div>
  )
}
