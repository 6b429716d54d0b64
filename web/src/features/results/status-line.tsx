import type { Settings } from '../ask/narrowing/settings.ts'
import { useStrings } from '../../strings/strings.ts'
import type { Arrangement } from './shown-results.ts'
import { statusOf, type Status } from './status.ts'
import type { SearchState } from '../ask/search/use-search.ts'
import './status-line.css'

interface StatusLineProps {
  state: SearchState
  /** Of what was found; null where nothing was. */
  arrangement: Arrangement | null
  settings: Settings
  /** Said instead, until the next thing happens. */
  notice: string
}

/** The live region, and while there is something to see also the headline over it. */
export function StatusLine({ state, arrangement, settings, notice }: StatusLineProps) {
  const strings = useStrings()
  const { text, aside }: Status = notice
    ? { text: notice }
    : statusOf(state, arrangement, settings, strings)
  return (
    <p className={classOf(state, notice)} role="status" aria-label={strings.results.status}>
      {text}
      {aside && <span className="status__aside"> {aside}</span>}
    </p>
  )
}

function classOf({ phase }: SearchState, notice: string): string {
  if (phase !== 'idle') return 'status'
  return notice ? 'status status--note' : 'visually-hidden'
}
