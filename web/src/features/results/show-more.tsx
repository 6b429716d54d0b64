import { useEffect, useRef } from 'react'
import { deepest } from '../../address/question.ts'
import { Failure } from '../../components/failure.tsx'
import { useStrings } from '../../strings/strings.ts'
import { countOf } from '../ask/search/ask.ts'
import type { Settings } from '../ask/narrowing/settings.ts'
import type { Found } from '../ask/search/use-search.ts'

interface ShowMoreProps {
  found: Found
  settings: Settings
  onSettings: (settings: Settings) => void
  onRetry: () => void
}

/** The way further down in what was found, as far as the server looks. */
export function ShowMore({ found, settings, onSettings, onRetry }: ShowMoreProps) {
  const t = useStrings().results
  const { limit } = settings
  const goOnBelow = useFocusOnNew(found, limit)
  const count = countOf(found)
  if (typeof found.more === 'object') {
    return <Failure error={found.more.error} titled onRetry={onRetry} />
  }
  if (limit >= deepest || (found.next === null && count <= limit)) return null
  const awaited = found.next !== null && count < limit
  return (
    <p className="results__note">
      <button
        type="button"
        className="button"
        aria-disabled={awaited}
        onClick={({ detail, currentTarget }) => {
          if (awaited) return
          if (detail === 0) goOnBelow(currentTarget)
          onSettings({ ...settings, limit: raised(limit) })
        }}
      >
        {awaited ? t.loadingMore : t.more}
      </button>
    </p>
  )
}

/** First a few more, then many: who looks that far is looking through. */
function raised(limit: number): number {
  return Math.min(deepest, limit + Math.max(20, Math.min(100, limit)))
}

/** What brings more lies below it: whoever pressed it by a key goes on where the new ones begin. */
function useFocusOnNew(found: Found, limit: number) {
  const pressed = useRef<{ results: HTMLElement; links: number }>(null)
  const linksIn = (results: HTMLElement) => results.querySelectorAll<HTMLElement>('a[data-picture]')
  useEffect(() => {
    if (!pressed.current) return
    const { results, links } = pressed.current
    const first = linksIn(results)[links]
    if (!first) return
    pressed.current = null
    first.focus()
  }, [found, limit])
  return (button: HTMLElement) => {
    const results = button.closest<HTMLElement>('.results')
    pressed.current = results && { results, links: linksIn(results).length }
  }
}
