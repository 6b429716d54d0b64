import { useMemo } from 'react'
import type { Settings } from '../ask/narrowing/settings.ts'
import type { Found } from '../ask/search/use-search.ts'
import { useHidden } from '../removals/removals.ts'
import { arranged, type Arrangement } from './shown-results.ts'

/** How what was found lies on the page, without what was deleted since. */
export function useArrangement(found: Found | null, settings: Settings): Arrangement | null {
  const hidden = useHidden()
  return useMemo(() => found && arranged(found, settings, hidden), [found, settings, hidden])
}
