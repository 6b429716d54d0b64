import { explain } from '../../components/failure.tsx'
import type { Strings } from '../../strings/strings.ts'
import { PictureElsewhere } from '../ask/query.ts'
import type { Settings } from '../ask/settings.ts'
import { byLikeness, shownResults } from './shown-results.ts'
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
    case 'searching':
      return { text: `${ask.stages[state.stage]}…` }
    case 'failed':
      return {
        text:
          state.error instanceof PictureElsewhere
            ? ask.elsewhere
            : explain(state.error, strings.frame).title,
      }
    case 'found': {
      const { shown, belowMinimum } = shownResults(state.response.results, settings)
      const { alike, others } = byLikeness(shown, state.response)
      const { words } = state.question
      const nothing = words ? t.noneNamed(words) : t.noneAlike
      const text = alike.length > 0 ? t.found(alike.length) : others.length > 0 ? nothing : t.none
      if (alike.length > 0 && others.length > 0) return { text, aside: t.lessAlike(others.length) }
      const hidden = belowMinimum.length
      return hidden > 0
        ? { text, aside: t.below(format.number(hidden), format.hundredths(settings.minimum)) }
        : { text }
    }
  }
}
