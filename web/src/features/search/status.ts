import { explain } from '../../components/failure.tsx'
import { plural } from '../../components/format.ts'
import { shownResults } from './shown-results.ts'
import { stageLabels } from './stages.ts'
import type { SearchState } from './use-search.ts'

/** One line on how the search stands, for the live region. */
export function statusOf(state: SearchState, limit: number, minimum: number): string {
  switch (state.phase) {
    case 'idle':
      return ''
    case 'searching': {
      const current = state.stages.at(-1)
      return current ? `${stageLabels[current.stage]}…` : ''
    }
    case 'failed': {
      const { title, detail } = explain(state.error)
      return `${title}. ${detail}`
    }
    case 'found': {
      const { shown, belowMinimum } = shownResults(state.response.results, limit, minimum)
      const hidden = belowMinimum.length > 0 ? `, ${belowMinimum.length} below the minimum` : ''
      return `${shown.length === 0 ? 'No similar images' : plural(shown.length, 'similar image')}${hidden}`
    }
  }
}
