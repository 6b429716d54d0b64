import { useEffect, useState } from 'react'
import type { ReindexPlan, ReindexStatus } from '@lookalike/sdk'
import { Failure } from '../../components/failure.tsx'
import { useServer } from '../../server.ts'
import { useStrings } from '../../strings/strings.ts'

const pollMs = 2000

/** How far the library is made over for another embedder; what that would take, where it waits for it. */
export function Reindex({ first }: { first: ReindexStatus }) {
  const { status: t, format } = useStrings()
  const { client, library, reload, refuse } = useServer()
  const [status, setStatus] = useState(first)
  const [plan, setPlan] = useState<ReindexPlan | null>(null)
  const [error, setError] = useState<unknown>(null)
  const { info } = library
  const waits = info !== null && info.target_embedder !== info.embedder.id
  const { state } = status

  useEffect(() => {
    if (state !== 'running') return
    const leaving = new AbortController()
    const { signal } = leaving
    let timer: ReturnType<typeof setTimeout>
    const look = async () => {
      try {
        setStatus(await client.reindexStatus({ signal }))
      } catch {
        // It runs on the server all the same.
      }
      if (!signal.aborted) timer = setTimeout(() => void look(), pollMs)
    }
    timer = setTimeout(() => void look(), pollMs)
    return () => {
      clearTimeout(timer)
      leaving.abort()
    }
  }, [client, state])
  const embedder = info?.embedder.id
  useEffect(() => {
    if (state === 'complete' && embedder !== status.target_embedder) reload()
  }, [state, embedder, status.target_embedder, reload])
  useEffect(() => refuse(error), [refuse, error])

  async function attempt<Answer>(call: () => Promise<Answer>, then: (answer: Answer) => void) {
    setError(null)
    try {
      then(await call())
    } catch (error) {
      setError(error)
    }
  }
  const begin = () =>
    void attempt(
      () => client.startReindex(),
      (now) => {
        setPlan(null)
        setStatus(now)
      },
    )

  if (!waits && state === 'none') return null
  const { done, total } = status.counts
  return (
    <section aria-labelledby="reindex">
      <h3 className="status__title" id="reindex">
        {t.reindex}
      </h3>
      {state !== 'none' && (
        <>
          <p>
            {t.from(status.previous_embedder, status.target_embedder)} {t.states[status.state]}
          </p>
          {state === 'running' && (
            <>
              <progress
                className="status__progress"
                aria-labelledby="reindex"
                value={done}
                max={Math.max(1, total)}
              />
              <p role="status">{t.progress(format.number(done), format.number(total))}</p>
            </>
          )}
          {status.counts.failed > 0 && <p>{t.failures(status.counts.failed)}</p>}
          {status.reason && <p>{status.reason}</p>}
        </>
      )}
      {waits && state !== 'running' && <p>{t.waits}</p>}
      {plan && (
        <p role="status">
          {t.plan(
            plan.records,
            plan.estimated_usd === null ? null : format.dollars(plan.estimated_usd),
            Math.max(1, Math.round(plan.estimated_minutes)),
          )}
        </p>
      )}
      <div className="status__actions">
        {state === 'running' && (
          <button
            type="button"
            className="button"
            onClick={() => void attempt(() => client.stopReindex(), setStatus)}
          >
            {t.stop}
          </button>
        )}
        {waits && state !== 'running' && !plan && (
          <button
            type="button"
            className="button"
            onClick={() => void attempt(() => client.planReindex(), setPlan)}
          >
            {t.whatItTakes}
          </button>
        )}
        {waits && state !== 'running' && plan && (
          <button type="button" className="button button--primary" onClick={begin}>
            {state === 'stopped' || state === 'failed' ? t.goOn : t.begin}
          </button>
        )}
      </div>
      {error !== null && <Failure error={error} titled onRetry={() => setError(null)} />}
    </section>
  )
}
