import { useEffect, useState } from 'react'
import type { Health, ReindexStatus, UsageReport } from '@lookalike/sdk'
import { Failure } from '../components/failure.tsx'
import { Reindex } from '../features/status/reindex.tsx'
import { Usage } from '../features/status/usage.tsx'
import type { Part } from '../features/status/use-health.ts'
import { useTitle } from '../frame/use-title.ts'
import { useServer } from '../server.ts'
import { useStrings } from '../strings/strings.ts'
import './status.css'

interface Told {
  health: Health | null
  reindex: ReindexStatus | null
  usage: UsageReport | null
  /** Why something of it could not be had. */
  error: unknown
}

/** How the server is: its parts, what it is about to become, and what it costs. */
export default function StatusView() {
  const { status: t } = useStrings()
  const { client, refuse } = useServer()
  const [told, setTold] = useState<Told | null>(null)
  const [asked, setAsked] = useState(0)
  useTitle(t.title)
  useEffect(() => {
    const leaving = new AbortController()
    const { signal } = leaving
    // Shown together: one after the other they would push each other about.
    void Promise.allSettled([
      client.health({ signal }),
      client.reindexStatus({ signal }),
      client.usage({ signal }),
    ]).then(([health, reindex, usage]) => {
      if (signal.aborted) return
      const failed = [health, reindex, usage].find(({ status }) => status === 'rejected')
      const error: unknown = failed?.status === 'rejected' ? failed.reason : null
      setTold({ health: valueOf(health), reindex: valueOf(reindex), usage: valueOf(usage), error })
      refuse(error)
    })
    return () => leaving.abort()
  }, [client, refuse, asked])
  return (
    <div className="view status" aria-busy={!told}>
      <h2 className="view__title">{t.title}</h2>
      {told?.health && <Parts health={told.health} />}
      {told?.reindex && <Reindex first={told.reindex} />}
      {told?.usage && <Usage report={told.usage} />}
      {told && told.error !== null && (
        <Failure error={told.error} titled onRetry={() => setAsked(asked + 1)} />
      )}
    </div>
  )
}

function Parts({ health }: { health: Health }) {
  const { status: t } = useStrings()
  return (
    <section aria-labelledby="health">
      <h3 className="status__title" id="health">
        {t.health}
      </h3>
      <dl className="status__parts">
        {Object.entries(health.checks).map(
          ([part, check]) =>
            check && (
              <div key={part} data-status={check.status}>
                <dt>{t.parts[part as Part]}</dt>
                <dd>
                  <strong>{t.statuses[check.status]}</strong> {check.detail}
                  {check.last_error && (
                    <span className="status__last">
                      {t.lastError(check.last_error.detail, check.last_error.at)}
                    </span>
                  )}
                </dd>
              </div>
            ),
        )}
      </dl>
    </section>
  )
}

function valueOf<Value>(result: PromiseSettledResult<Value>): Value | null {
  return result.status === 'fulfilled' ? result.value : null
}
