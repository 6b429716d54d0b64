import { LookalikeApiError, LookalikeConnectionError } from '@lookalike/sdk'
import { useStrings, type Strings } from '../strings/strings.ts'
import './failure.css'

/** What an error says to a person, whichever way it came. */
export interface Explanation {
  title: string
  detail: string
  code?: string
  requestId?: string
}

export function explain(error: unknown, { failure }: Strings['frame']): Explanation {
  if (error instanceof LookalikeApiError) {
    const { title, detail, code, request_id } = error.problem
    return { title, detail, code, requestId: request_id }
  }
  if (error instanceof LookalikeConnectionError) {
    return { title: failure.noAnswer, detail: error.message }
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
  const { title, detail, code, requestId } = explain(error, t)
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
          {code && <Fact term={t.failure.code} value={code} />}
          {requestId && <Fact term={t.failure.request} value={requestId} />}
        </dl>
      )}
    </section>
  )
}

function Fact({ term, value }: { term: string; value: string }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{value}</dd>
    </div>
  )
}
