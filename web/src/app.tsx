import { useRef, useState } from 'react'
import type { Client, ImageRecord, SearchResult } from '@lookalike/sdk'
import { bringIntoView } from './components/bring-into-view.ts'
import { GraphClientProvider } from './features/graph/graph-client.ts'
import { QueryPanel } from './features/graph/query-panel.tsx'
import { useLibrary } from './features/library/use-library.ts'
import { DropOverlay } from './features/search/drop-overlay.tsx'
import { fileQuery, storedQuery, type PictureQuery, type Query } from './features/search/query.ts'
import { SearchPanel } from './features/search/search-panel.tsx'
import { defaultSettings } from './features/search/settings.ts'
import { StatusLine } from './features/search/status-line.tsx'
import { useIncomingFiles } from './features/search/use-incoming-files.ts'
import { useSearch } from './features/search/use-search.ts'
import { WordSearch } from './features/search/word-search.tsx'
import { isLocked, Outcome } from './outcome.tsx'
import { PageFooter, PageHeader } from './page-frame.tsx'
import './app.css'

export function App({ client }: { client: Client }) {
  const [library, reloadLibrary] = useLibrary(client)
  const search = useSearch(client)
  const [query, setQuery] = useState<PictureQuery | null>(null)
  const [settings, setSettings] = useState(defaultSettings)
  const [notice, setNotice] = useState('')
  const dragging = useIncomingFiles(takeFiles)
  const outcome = useRef<HTMLElement>(null)
  const { state } = search
  const locked = isLocked(library, state)

  function ask(next: PictureQuery | null, notice = '') {
    search.reset()
    setQuery(next)
    setNotice(notice)
  }

  function takeFiles(files: File[]) {
    const surplus = `One picture at a time: took the first of ${files.length}.`
    ask(fileQuery(files[0]!, library.info?.limits), files.length > 1 ? surplus : '')
  }

  async function searchFor(asked: Query | null) {
    setNotice(asked ? '' : 'Choose a picture first.')
    if (!asked || state.phase === 'searching') return
    // Corrected words stand in for the picture once; the frame still shows what they were made of.
    if (asked.kind !== 'text') setQuery(asked)
    if (await search.run(asked, settings.limit)) bringIntoView(outcome.current)
  }

  // For buttons inside the outcome, which go away with what replaces them and the focus with them.
  const keepFocus = () => outcome.current?.focus({ preventScroll: true })

  function searchStored(image: ImageRecord | SearchResult) {
    keepFocus()
    void searchFor(storedQuery(image))
  }

  function searchText(text: string) {
    keepFocus()
    void searchFor({ kind: 'text', text })
  }

  function retry() {
    keepFocus()
    if (state.phase === 'failed') void searchFor(state.query)
  }

  async function signOut() {
    await client.signOut()
    ask(null)
    reloadLibrary()
  }

  const changeSettings = (changed: typeof settings) => {
    setNotice('')
    setSettings(changed)
  }

  const hasGraph = library.info !== null && library.info.graph !== 'none'
  return (
    <GraphClientProvider value={hasGraph ? client : null}>
      <a className="skip-link" href="#outcome">
        Skip to the pictures
      </a>
      <PageHeader info={library.info} onSignOut={() => void signOut()} />
      <main className={locked ? 'layout layout--locked' : 'layout'}>
        {!locked && (
          <div className="layout__panel">
            {library.info && (
              <WordSearch
                client={client}
                understands={library.info.embedder.text}
                onSearch={searchText}
              />
            )}
            <SearchPanel
              query={query}
              settings={settings}
              state={state}
              onFiles={takeFiles}
              onClear={() => ask(null)}
              onSettings={changeSettings}
              onSearch={() => void searchFor(query)}
              onCancel={() => {
                search.cancel()
                setNotice('Search cancelled.')
              }}
            />
          </div>
        )}
        <section
          id="outcome"
          className="outcome"
          aria-label="Pictures"
          aria-busy={state.phase === 'searching' || library.loading}
          tabIndex={-1}
          ref={outcome}
        >
          <StatusLine state={state} settings={settings} notice={notice} />
          <Outcome
            client={client}
            library={library}
            state={state}
            settings={settings}
            onSettings={changeSettings}
            onSearchStored={searchStored}
            onSearchText={searchText}
            onRetry={retry}
            onReload={reloadLibrary}
            onSignedIn={() => {
              reloadLibrary()
              retry()
            }}
          />
          {!locked && <QueryPanel />}
        </section>
      </main>
      <PageFooter info={library.info} />
      {dragging && <DropOverlay />}
    </GraphClientProvider>
  )
}
