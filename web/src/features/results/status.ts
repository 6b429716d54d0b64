import { explain } from '../../components/failure.tsx'
import type { Strings } from '../../strings/strings.ts'
import { PictureElsewhere } from '../ask/query.ts'
import type { Settings } from '../ask/settings.ts'
import { shownResults } from './shown-results.ts'
import type { SearchState } from '../ask/use-search.ts'

/** How the search stands in one line for the live region, `aside` being its lesser half. */
export interface Status {
  text: string
  aside?: string
}

export function statusOf(state: SearchState, settings: Settings, strings: Strings): Status {
  const { ask, results: t, format } = strings
  switch (state.phase) {
    case 'idle':
      return { text: '' }
    case 'searching': {
      const current = state.stages.at(-1)
      return { text: current ? `${ask.stages[current.stage]}…` : '' }
    }
    case 'failed':
      return {
        text:
          state.error instanceof PictureElsewhere
            ? ask.elsewhere
            : explain(state.error, strings.frame).title,
      }
    case 'found': {
      const { shown, belowMinimum } = shownResults(state.response.results, settings)
      const text = shown.length > 0 ? t.found(shown.length) : t.none
      const hidden = belowMinimum.length
      return hidden > 0
        ? { text, aside: t.below(format.number(hidden), format.hundredths(settings.minimum)) }
        : { text }
    }
  }
}
