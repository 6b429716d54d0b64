import { useRef, useState } from 'react'
import type { Client } from '@lookalike/sdk'
import { bringIntoView } from './components/bring-into-view.ts'
import { Failure, isUnauthorized } from './components/failure.tsx'
import { Start } from './features/library/start.tsx'
import { useLibrary } from './features/library/use-library.ts'
import { DropOverlay } from './features/search/drop-overlay.tsx'
import { fileQuery, storedQuery, type Query } from './features/search/query.ts'
import { Results } from './features/search/results.tsx'
import { SearchPanel } from './features/search/search-panel.tsx'
import { Skeleton } from './features/search/skeleton.tsx'
import { statusOf } from './features/search/status.ts'
import { useIncomingFiles } from './features/search/use-incoming-files.ts'
import { useSearch } from './features/search/use-search.ts'
import { SignIn } from './features/sign-in/sign-in.tsx'
import { PageFooter, PageHeader } from './page-frame.tsx'
import './app.css'

export function App({ client }: { client: Client }) {
  const [library, reloadLibrary] = useLibrary(client)
  const search = useSearch(client)
  const [query, setQuery] = useState<Query | null>(null)
  const [limit, setLimit] = useState(10)
  const [minimum, setMinimum] = useState(0)
  const [notice, setNotice] = useState('')
  const dragging = useIncomingFiles(takeFiles)
  const outcome = useRef<HTMLElement>(null)
  const { state } = search
  const found = state.phase === 'searching' ? state.before : state

  function takeFiles(files: File[]) {
    search.reset()
    setQuery(fileQuery(files[0]!, library.info?.limits))
    setNotice(files.length > 1 ? `One picture at a time: took the first of ${files.length}.` : '')
  }

  async function searchFor(asked: Query | null) {
    setNotice(asked ? '' : 'Choose a picture first.')
    if (!asked || state.phase === 'searching') return
    setQuery(asked)
    await search.run(asked, limit)
    bringIntoView(outcome.current)
  }

  const searchStored = (image: Parameters<typeof storedQuery>[0]) => {
    // The button pressed is about to go; the focus would be lost with it.
    outcome.current?.focus({ preventScroll: true })
    void searchFor(storedQuery(image))
  }

  const locked =
    isUnauthorized(library.error) || (state.phase === 'failed' && isUnauthorized(state.error))
  const status = notice || statusOf(state, limit, minimum)

  return (
    <>
      <a className="skip-link" href="#outcome">
        Skip to the pictures
      </a>
      <PageHeader info={library.info} />
      <main className="layout">
        <SearchPanel
          query={query}
          limit={limit}
          minimum={minimum}
          state={state}
          onFiles={takeFiles}
          onClear={() => {
            search.reset()
            setQuery(null)
          }}
          onLimit={setLimit}
          onMinimum={setMinimum}
          onSearch={() => void searchFor(query)}
          onCancel={() => {
            search.cancel()
            setNotice('Search cancelled.')
          }}
        />
        <section
          id="outcome"
          className="outcome"
          aria-label="Pictures"
          aria-busy={state.phase === 'searching' || library.loading}
          tabIndex={-1}
          ref={outcome}
        >
          <p
            className={state.phase === 'found' || notice ? 'status' : 'status visually-hidden'}
            role="status"
            aria-label="Status"
          >
            {status}
          </p>
          {locked ? (
            <SignIn
              client={client}
              onSignedIn={() => {
                reloadLibrary()
                if (state.phase === 'failed') void search.run(state.query, state.limit)
              }}
            />
          ) : found.phase === 'found' ? (
            <Results
              found={found}
              limit={limit}
              minimum={minimum}
              describes={library.info?.embedder.describes}
              stale={state.phase === 'searching'}
              onMinimum={setMinimum}
              onFindSimilar={searchStored}
            />
          ) : state.phase === 'searching' ? (
            <Skeleton count={limit} />
          ) : state.phase === 'failed' ? (
            <Failure error={state.error} onRetry={() => void searchFor(state.query)} />
          ) : (
            <Start library={library} onPick={searchStored} onReload={reloadLibrary} />
          )}
        </section>
      </main>
      <PageFooter info={library.info} />
      {dragging && <DropOverlay />}
    </>
  )
}
