import { duration } from '../../components/format.ts'
import { Icon } from '../../components/icon.tsx'
import { stageLabels } from './stages.ts'
import type { StageMark } from './use-search.ts'
import './progress.css'

/** The stages of a running search so far. The live region says them; this shows them. */
export function Progress({ stages }: { stages: StageMark[] }) {
  return (
    <ol className="progress" aria-label="Progress">
      {stages.map(({ stage, startedMs, endedMs }) => (
        <li
          key={stage}
          className={endedMs === null ? 'progress__stage is-current' : 'progress__stage'}
        >
          <span className="progress__sign">{endedMs !== null && <Icon name="check" />}</span>
          {stageLabels[stage]}
          {endedMs !== null && (
            <span className="progress__time">{duration(endedMs - startedMs)}</span>
          )}
        </li>
      ))}
    </ol>
  )
}
