import { wordsOf } from '../../address/parts.ts'
import { explain } from '../../components/failure.tsx'
import type { Strings } from '../../strings/strings.ts'
import { PictureElsewhere } from '../ask/query.ts'
import type { Settings } from '../ask/narrowing/settings.ts'
import type { Arrangement } from './shown-results.ts'
import type { SearchState } from '../ask/search/use-search.ts'

/** How the search stands in one line for the live region, `aside` being its lesser half. */
export interface Status {
  text: string
  aside?: string
}

/** @param arrangement of what was found; null where nothing was */
export function statusOf(
  state: SearchState,
  arrangement: Arrangement | null,
  { minimum }: Settings,
  strings: Strings,
): Status {
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
      const { alike, others } = arrangement?.counts ?? { alike: 0, others: 0 }
      const { parts } = state.question
      const words = parts.length === 1 ? wordsOf(parts) : ''
      const nothing = words ? t.noneNamed(words) : t.noneAlike
      const some = words ? t.foundByWords(alike) : t.found(alike)
      const text = alike > 0 ? some : others > 0 ? nothing : t.none
      if (alike > 0 && others > 0) return { text, aside: t.lessAlike(others) }
      const hidden = arrangement?.belowMinimum.length ?? 0
      return hidden > 0
        ? { text, aside: t.below(format.number(hidden), format.hundredths(minimum)) }
        : { text }
    }
  }
}
