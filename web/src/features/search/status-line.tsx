import type { Settings } from './settings.ts'
import { statusOf, type Status } from './status.ts'
import type { SearchState } from './use-search.ts'
import './status-line.css'

interface StatusLineProps {
  state: SearchState
  settings: Settings
  /** Said instead, until the next thing happens. */
  notice: string
}

/** The live region, and while there is something to see also the headline over it. */
export function StatusLine({ state, settings, notice }: StatusLineProps) {
  const { text, aside }: Status = notice ? { text: notice } : statusOf(state, settings)
  return (
    <p className={classOf(state, notice)} role="status" aria-label="Status">
      {text}
      {aside && <span className="status__aside"> {aside}</span>}
    </p>
  )
}

function classOf({ phase }: SearchState, notice: string): string {
  if (phase !== 'idle') return 'status'
  return notice ? 'status status--note' : 'visually-hidden'
}
