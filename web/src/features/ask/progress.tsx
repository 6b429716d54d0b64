import { Icon } from '../../components/icon.tsx'
import { useStrings } from '../../strings/strings.ts'
import type { StageMark } from './use-search.ts'
import './progress.css'

/** The stages of a running search so far. The live region says them; this shows them. */
export function Progress({ stages }: { stages: StageMark[] }) {
  const { ask: t, format } = useStrings()
  return (
    <ol className="progress" aria-label={t.progress}>
      {stages.map(({ stage, startedMs, endedMs }) => (
        <li
          key={stage}
          className={endedMs === null ? 'progress__stage is-current' : 'progress__stage'}
        >
          <span className="progress__sign">{endedMs !== null && <Icon name="check" />}</span>
          {t.stages[stage]}
          {endedMs !== null && (
            <span className="progress__time">{format.duration(endedMs - startedMs)}</span>
          )}
        </li>
      ))}
    </ol>
  )
}
