import { explain } from '../../components/failure.tsx'
import { plural } from '../../components/format.ts'
import type { Settings } from './settings.ts'
import { shownResults } from './shown-results.ts'
import { stageLabels } from './stages.ts'
import type { SearchState } from './use-search.ts'

/** How the search stands in one line for the live region, `aside` being its lesser half. */
export interface Status {
  text: string
  aside?: string
}

export function statusOf(state: SearchState, settings: Settings): Status {
  switch (state.phase) {
    case 'idle':
      return { text: '' }
    case 'searching': {
      const current = state.stages.at(-1)
      return { text: current ? `${stageLabels[current.stage]}…` : '' }
    }
    case 'failed':
      return { text: explain(state.error).title }
    case 'found': {
      const { shown, belowMinimum } = shownResults(state.response.results, settings)
      const text = shown.length > 0 ? plural(shown.length, 'similar image') : 'No similar images'
      const hidden = belowMinimum.length
      return hidden > 0
        ? { text, aside: `${hidden} below ${settings.minimum.toFixed(2)}` }
        : { text }
    }
  }
}
