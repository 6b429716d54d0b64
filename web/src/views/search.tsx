import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useActions } from '../actions/actions.ts'
import { asksSomething, askedBy, noQuestion, type Question } from '../address/question.ts'
import { cameBack, useQuestion } from '../address/use-question.ts'
import { bringIntoView } from '../components/bring-into-view.ts'
import { Failure, isUnauthorized } from '../components/failure.tsx'
import { nameOf } from '../components/name-of.ts'
import { keepFile } from '../features/ask/chosen-files.ts'
import { DropOverlay } from '../features/ask/drop-overlay.tsx'
import { fileQuery, PictureElsewhere, type PictureQuery } from '../features/ask/query.ts'
import { SearchPanel } from '../features/ask/search-panel.tsx'
import { useSettings } from '../features/ask/settings.ts'
import { useIncomingFiles } from '../features/ask/use-incoming-files.ts'
import { useSearch, type SearchState } from '../features/ask/use-search.ts'
import { WordSearch } from '../features/ask/word-search.tsx'
import { Start } from '../features/library/start.tsx'
import { Results } from '../features/results/results.tsx'
import { Skeleton } from '../features/results/skeleton.tsx'
import { StatusLine } from '../features/results/status-line.tsx'
import { useTitle } from '../frame/use-title.ts'
import { useServer } from '../server.ts'
import { useStrings } from '../strings/strings.ts'
import './search.css'

/** The question that is in the address, and what is found for it. */
export default function SearchView() {
  const { ask: t, results } = useStrings()
  const { client, library, reload, refuse } = useServer()
  const [question, go] = useQuestion()
  const search = useSearch(client)
  const { state } = search
  const [settings, changeSettings] = useSettings(question, (rest) =>
    go({ ...question, ...rest }, 'replace'),
  )
  const [frame, setFrame] = useState<PictureQuery | null>(null)
  const [notice, setNotice] = useState('')
  const outcome = useRef<HTMLElement>(null)
  const dragging = useIncomingFiles((files) => void takeFiles(files))

  async function start(asked: Question) {
    if (await search.run(asked)) bringIntoView(outcome.current)
  }

  // The address asks: whatever changes the question changes the address, and Back and Forward do too.
  const asked = askedBy(question)
  const follow = useEffectEvent(() => {
    if (!asksSomething(question)) {
      search.reset()
      setFrame((frame) => (frame?.kind === 'file' && frame.advice ? frame : null))
    } else if (state.phase === 'idle' || askedBy(state.question) !== asked) {
      setNotice((notice) => (cameBack() ? '' : notice))
      if (!(cameBack() && search.recall(question))) void start(question)
    }
  })
  useEffect(() => follow(), [asked])

  // Words that were made of a picture stand in for it; the frame still shows the picture.
  const query = state.phase === 'found' ? state.query : null
  useEffect(() => {
    if (query && query.kind !== 'text') setFrame(query)
  }, [query])

  const error = state.phase === 'failed' ? state.error : null
  useEffect(() => refuse(error), [refuse, error])

  function ask(what: Partial<Question>) {
    setNotice('')
    const next = { ...noQuestion, filter: question.filter, ...settings, ...what }
    // Asked once more, it may be answered otherwise: the library has changed, or more are wanted.
    if (askedBy(next) === asked && state.phase !== 'searching') void start(next)
    go(next, askedBy(next) === asked ? 'replace' : 'push')
  }

  async function takeFiles(files: File[]) {
    const file = files[0]!
    const chosen = fileQuery(file, library.info?.limits)
    setFrame(chosen)
    if (chosen.advice) ask({})
    else ask({ picture: await keepFile(file) })
    if (files.length > 1) setNotice(t.oneAtATime(files.length))
  }

  async function searchFrame() {
    if (!frame) setNotice(t.chooseFirst)
    else if (state.phase !== 'searching') {
      ask(frame.kind === 'file' ? { picture: await keepFile(frame.file) } : { like: frame.id })
    }
  }

  function cancel() {
    const before = search.cancel()
    setNotice(t.cancelled)
    go(before.phase === 'idle' ? { ...noQuestion, ...settings } : before.question, 'replace')
  }

  // For buttons inside the outcome, which go away with what replaces them and the focus with them.
  const keepFocus = () => outcome.current?.focus({ preventScroll: true })

  const searchStored = ({ id }: { id: string }) => {
    keepFocus()
    ask({ like: id })
  }
  const searchText = (words: string) => {
    keepFocus()
    ask({ words })
  }
  const retry = () => {
    keepFocus()
    void start(question)
  }

  useTitle(titleOf(state, results.like))
  useActions(t.search, [
    {
      name: t.byWords,
      keys: '/',
      run: () => document.querySelector<HTMLElement>('.word-search input')?.focus(),
    },
    {
      name: t.choose,
      keys: 'o',
      run: () => document.querySelector<HTMLElement>('.frame__input')?.click(),
    },
    ...(state.phase === 'searching' ? [{ name: t.cancel, keys: 'Escape', run: cancel }] : []),
  ])

  const searching = state.phase === 'searching'
  const settled = searching ? state.before : state
  return (
    <div className="search-view">
      <div className="search-view__panel">
        {/* While the server has not said what it understands, as for its own embedder: nothing moves when it has. */}
        {(library.info || library.loading) && (
          <WordSearch
            key={question.words}
            client={client}
            understands={library.info?.embedder.text ?? 'names'}
            words={question.words}
            onSearch={searchText}
          />
        )}
        <SearchPanel
          query={frame}
          settings={settings}
          state={state}
          onFiles={(files) => void takeFiles(files)}
          onClear={() => {
            setFrame(null)
            ask({})
          }}
          onSettings={(changed) => {
            setNotice('')
            changeSettings(changed)
          }}
          onSearch={() => void searchFrame()}
          onCancel={cancel}
        />
      </div>
      <section
        id="outcome"
        className="outcome"
        aria-label={results.pictures}
        aria-busy={searching || library.loading}
        tabIndex={-1}
        ref={outcome}
      >
        <StatusLine state={state} settings={settings} notice={notice} />
        {settled.phase === 'found' && (
          <Results
            found={settled}
            settings={settings}
            embedder={library.info?.embedder}
            stale={searching}
            onSettings={changeSettings}
            onFindSimilar={searchStored}
            onSearchText={searchText}
          />
        )}
        {settled.phase !== 'found' && searching && <Skeleton count={settings.limit} />}
        {state.phase === 'failed' && !isUnauthorized(state.error) && (
          <SearchFailure error={state.error} onRetry={retry} />
        )}
        {state.phase === 'idle' && (
          <Start library={library} onPick={searchStored} onReload={reload} />
        )}
      </section>
      {dragging && <DropOverlay />}
    </div>
  )
}

function SearchFailure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useStrings().ask
  if (error instanceof PictureElsewhere) return <p role="alert">{t.elsewhereDetail}</p>
  return <Failure error={error} titled={false} onRetry={onRetry} />
}

function titleOf(state: SearchState, like: (name: string) => string): string {
  if (state.phase !== 'found') return ''
  const { query } = state
  switch (query.kind) {
    case 'text':
      return query.text
    case 'file':
      return like(query.file.name)
    case 'stored':
      return like(nameOf(query.uri))
  }
}
