import { lazy, Suspense, useEffect, useEffectEvent, useId, useMemo, useRef, useState } from 'react'
import type { Filter } from '@lookalike/sdk'
import { useActions } from '../actions/actions.ts'
import { asksSomething, askedBy, noQuestion, type Question } from '../address/question.ts'
import { cameBack, useQuestion } from '../address/use-question.ts'
import { bringIntoView } from '../components/bring-into-view.ts'
import { Failure, isUnauthorized } from '../components/failure.tsx'
import { nameOf } from '../components/name-of.ts'
import { AskBar } from '../features/ask/ask-bar.tsx'
import { AskedPicture } from '../features/ask/asked-picture.tsx'
import { keepFile } from '../features/ask/chosen-files.ts'
import { DropHere } from '../features/ask/drop-here.tsx'
import { DropOverlay } from '../features/ask/drop-overlay.tsx'
import { Narrowing } from '../features/ask/narrowing.tsx'
import { Progress } from '../features/ask/progress.tsx'
import { fileQuery, isLink, PictureElsewhere, type PictureQuery } from '../features/ask/query.ts'
import { useSettings } from '../features/ask/settings.ts'
import { useIncomingPictures } from '../features/ask/use-incoming-pictures.ts'
import { useSearch, type Found, type SearchState } from '../features/ask/use-search.ts'
import { useReturn } from '../features/ask/use-return.ts'
import { Show } from '../features/lightbox/show.tsx'
import { useHidden } from '../features/removals/removals.ts'
import { inOrder } from '../features/results/shown-results.ts'
import { Start } from '../features/library/start.tsx'
import { Results } from '../features/results/results.tsx'
import { Skeleton } from '../features/results/skeleton.tsx'
import { StatusLine } from '../features/results/status-line.tsx'
import { useTitle } from '../frame/use-title.ts'
import { useServer } from '../server.ts'
import { useStrings } from '../strings/strings.ts'
import './search.css'

const CropDialog = lazy(() => import('../features/ask/crop-dialog.tsx'))

/** The question that is in the address, and what is found for it. */
export default function SearchView() {
  const { ask: t, results, format } = useStrings()
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
  const [cropping, setCropping] = useState(false)
  const inputId = useId()
  const dragging = useIncomingPictures({
    onFiles: (files) => void takeFiles(files),
    onLink: (url) => ask({ picture: url }),
  })

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

  // Fewer are shown at once; more have to be asked for, if there are any.
  const { limit } = question
  const more = useEffectEvent(() => {
    if (state.phase === 'found' && isCutShort(state, limit)) void start(question)
  })
  useEffect(() => more(), [limit])

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
    else if (state.phase !== 'searching') ask(await askFor(frame))
  }

  function narrow(filter: Filter | null) {
    setNotice('')
    go({ ...question, filter }, 'push')
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
  const searchTyped = (words: string) => ask(isLink(words) ? { picture: words } : { words })
  const retry = () => {
    keepFocus()
    void start(question)
  }

  useTitle(titleOf(state, results.like))
  useActions(t.search, [
    {
      name: t.byWords,
      keys: '/',
      run: () => document.querySelector<HTMLElement>('.ask-bar__words')?.focus(),
    },
    {
      name: t.choose,
      keys: 'o',
      run: () => document.getElementById(inputId)?.click(),
    },
    ...(state.phase === 'searching' ? [{ name: t.cancel, keys: 'Escape', run: cancel }] : []),
  ])

  const searching = state.phase === 'searching'
  const settled = searching ? state.before : state
  const hidden = useHidden()
  const response = settled.phase === 'found' ? settled.response : null
  const looked = useMemo(
    () => (response ? inOrder(response, settings, hidden) : []),
    [response, settings, hidden],
  )
  const file = frame?.kind === 'file' ? frame.file : null
  const advice = frame?.kind === 'file' ? (frame.advice?.(t, format) ?? null) : null
  const begun = asksSomething(question) || frame !== null
  return (
    <div className={begun ? 'search-view is-begun' : 'search-view'}>
      <AskBar
        key={question.words}
        client={client}
        // While the server has not said what it understands, as for its own embedder: nothing moves when it has.
        understands={library.info?.embedder.text ?? 'names'}
        words={question.words}
        hasPicture={frame !== null}
        inputId={inputId}
        onWords={searchTyped}
        onFiles={(files) => void takeFiles(files)}
        onPicture={() => void searchFrame()}
      />
      {begun && (
        <div className="search-view__aside">
          {frame && (
            <AskedPicture
              query={frame}
              onCrop={file && !advice ? () => setCropping(true) : undefined}
              onClear={() => {
                setFrame(null)
                ask({})
              }}
            />
          )}
          {advice && state.phase !== 'failed' && (
            <p className="search-view__advice" role="alert">
              {advice}
            </p>
          )}
          <Narrowing
            client={client}
            settings={settings}
            filter={question.filter}
            scores={settled.phase === 'found' ? scoresOf(settled) : []}
            onSettings={(changed) => {
              setNotice('')
              changeSettings(changed)
            }}
            onFilter={narrow}
          />
        </div>
      )}
      <section
        id="outcome"
        className="outcome"
        aria-label={results.pictures}
        aria-busy={searching || library.loading}
        tabIndex={-1}
        ref={outcome}
      >
        <StatusLine state={state} settings={settings} notice={notice} />
        {searching && <Progress key={asked} search={state} onCancel={cancel} />}
        {settled.phase === 'found' && (
          <Results
            found={settled}
            hidden={hidden}
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
        {state.phase === 'idle' && !frame && (
          <Start library={library} onPick={searchStored} onReload={reload}>
            <DropHere inputId={inputId} />
          </Start>
        )}
      </section>
      <Show
        pictures={looked}
        total={looked.length}
        query={settled.phase === 'found' ? settled.query : null}
        onFindSimilar={(id) => searchStored({ id })}
      />
      {dragging && <DropOverlay />}
      {cropping && file && (
        <Suspense>
          <CropDialog
            file={file}
            onClose={() => setCropping(false)}
            onPart={(part) => {
              setCropping(false)
              void takeFiles([part])
            }}
          />
        </Suspense>
      )}
    </div>
  )
}

/** Whether there may be more results than were asked for, and more are wanted now. */
function isCutShort({ response, question }: Found, wanted: number): boolean {
  return response.results.length === question.limit && wanted > question.limit
}

function scoresOf({ response }: Found): number[] {
  return response.results.map(({ score }) => score)
}

async function askFor(picture: PictureQuery): Promise<Partial<Question>> {
  switch (picture.kind) {
    case 'file':
      return { picture: await keepFile(picture.file) }
    case 'link':
      return { picture: picture.url }
    case 'stored':
      return { like: picture.id }
  }
}

function SearchFailure({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const t = useStrings().ask
  const waiting = useReturn(error, onRetry)
  if (error instanceof PictureElsewhere) return <p role="alert">{t.elsewhereDetail}</p>
  return (
    <>
      <Failure error={error} titled={false} onRetry={onRetry} />
      {waiting && <p className="search-view__waiting">{t.waiting}</p>}
    </>
  )
}

function titleOf(state: SearchState, like: (name: string) => string): string {
  if (state.phase !== 'found') return ''
  const { query } = state
  switch (query.kind) {
    case 'text':
      return query.text
    case 'file':
      return like(query.file.name)
    case 'link':
      return like(nameOf(query.url))
    case 'stored':
      return like(nameOf(query.uri))
  }
}
