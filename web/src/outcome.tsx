import type { Client, ImageRecord, SearchResult } from '@lookalike/sdk'
import { Failure, isUnauthorized } from './components/failure.tsx'
import { Start } from './features/library/start.tsx'
import type { Library } from './features/library/use-library.ts'
import { Results } from './features/search/results.tsx'
import type { Settings } from './features/search/settings.ts'
import { Skeleton } from './features/search/skeleton.tsx'
import type { SearchState } from './features/search/use-search.ts'
import { SignIn } from './features/sign-in/sign-in.tsx'

interface OutcomeProps {
  client: Client
  library: Library
  state: SearchState
  settings: Settings
  onSettings: (settings: Settings) => void
  onSearchStored: (image: ImageRecord | SearchResult) => void
  onSearchText: (text: string) => void
  onRetry: () => void
  onReload: () => void
  onSignedIn: () => void
}

/** Whether nothing can be shown before a key is given. */
export function isLocked(library: Library, state: SearchState): boolean {
  return isUnauthorized(library.error) || (state.phase === 'failed' && isUnauthorized(state.error))
}

/** What there is to see as things stand: a way in, results, a failure, or where to begin. */
export function Outcome(props: OutcomeProps) {
  const { library, state, settings } = props
  if (isLocked(library, state)) {
    return <SignIn client={props.client} onSignedIn={props.onSignedIn} />
  }
  const searching = state.phase === 'searching'
  const settled = searching ? state.before : state
  if (settled.phase === 'found') {
    return (
      <Results
        found={settled}
        settings={settings}
        embedder={library.info?.embedder}
        stale={searching}
        onSettings={props.onSettings}
        onFindSimilar={props.onSearchStored}
        onSearchText={props.onSearchText}
      />
    )
  }
  if (searching) return <Skeleton count={settings.limit} />
  if (settled.phase === 'failed') {
    return <Failure error={settled.error} titled={false} onRetry={props.onRetry} />
  }
  return <Start library={library} onPick={props.onSearchStored} onReload={props.onReload} />
}
