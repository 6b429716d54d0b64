import { lazy, Suspense, useEffect, useEffectEvent, useId, useMemo, useRef, useState } from 'react'
import type { Filter } from '@lookalike/sdk'
import { useActions } from '../actions/actions.ts'
import { asksSomething, keyOf, withoutPart, withPart, withWords, wordsOf, type Part } from '../address/parts.ts' // prettier-ignore
import { askedBy, noQuestion, type Question } from '../address/question.ts'
import { cameBack, useQuestion } from '../address/use-question.ts'
import { bringIntoView } from '../components/bring-into-view.ts'
import { explain, isUnauthorized } from '../components/failure.tsx'
import { partsOf } from '../features/ask/ask.ts'
import { keysOf, nameOfPart, pictureOf, useQueries } from '../features/ask/asked-parts.ts'
import { AskBar } from '../features/ask/ask-bar.tsx'
import { AskedPicture } from '../features/ask/asked-picture.tsx'
import { AskedStrip } from '../features/ask/asked-strip.tsx'
import { chooseFiles } from '../features/ask/choose-files.ts'
import { keepFile } from '../features/ask/chosen-files.ts'
import { DropHere } from '../features/ask/drop-here.tsx'
import { DropOverlay } from '../features/ask/drop-overlay.tsx'
import { AddToQuestion } from '../features/ask/file-input.tsx'
import { Narrowing } from '../features/ask/narrowing.tsx'
import { Progress } from '../features/ask/progress.tsx'
import { badParts, isLink, knowStored, type PictureQuery } from '../features/ask/query.ts'
import { SearchFailure } from '../features/ask/search-failure.tsx'
import { useSettings } from '../features/ask/settings.ts'
import { titleOf } from '../features/ask/title.ts'
import { useIncomingPictures, type Taken } from '../features/ask/use-incoming-pictures.ts'
import { useSearch, type Found } from '../features/ask/use-search.ts'
import { TellMe } from '../features/bell/tell-me.tsx'
import { judgementOf, withJudgement, type Judgement } from '../features/feedback/judged.ts'
import { JudgedNote } from '../features/feedback/judged-note.tsx'
import { JudgingProvider, type Judging } from '../features/feedback/judging.ts'
import { keepsJudgements } from '../features/feedback/keeping.ts'
import { toggled } from '../features/library/facets.ts'
import { Start } from '../features/library/start.tsx'
import { Show } from '../features/lightbox/show.tsx'
import { comparedWith } from '../features/results/compared-with.ts'
import type { AskOn } from '../features/results/picture-actions.tsx'
import { Results } from '../features/results/results.tsx'
import { useArrangement } from '../features/results/use-arrangement.ts'
import { inOrder, scoresOf } from '../features/results/shown-results.ts'
import { Skeleton } from '../features/results/skeleton.tsx'
import { StatusLine } from '../features/results/status-line.tsx'
import { useStable } from '../components/use-stable.ts'
import { useTitle } from '../frame/use-title.ts'
import { useServer } from '../server.ts'
import { useStrings } from '../strings/strings.ts'
import './search.css'

const CropDialog = lazy(() => import('../features/ask/crop-dialog.tsx'))

/** A picture that is shown beside a question without being asked about. */
interface Beside {
  query: PictureQuery
  /** The parts it is shown with. */
  parts: string
}

/** More results than this were asked for by looking further down, which the next question does not go on with. */
const atFirst = 100

/** The question that is in the address, and what is found for it. */
export default function SearchView() {
  const strings = useStrings()
  const { ask: t, results, format } = strings
  const { client, library, reload, refuse } = useServer()
  const [question, go] = useQuestion()
  const { parts } = question
  const search = useSearch(client)
  const { state } = search
  const [settings, changeSettings] = useSettings(question, (rest) =>
    go({ ...question, ...rest }, 'replace'),
  )
  const [shownBeside, setBeside] = useState<Beside | null>(null)
  const [notice, setNotice] = useState('')
  const outcome = useRef<HTMLElement>(null)
  const [cropping, setCropping] = useState(false)
  const inputId = useId()
  const dragging = useIncomingPictures({
    onFiles: (files, taken) => void takeFiles(files, taken),
    onLink: (value, taken) => take([{ kind: 'picture', value, less: false }], taken),
  })

  async function start(asked: Question) {
    if (await search.run(asked)) bringIntoView(outcome.current)
  }

  // The address asks: whatever changes the question changes the address, and Back and Forward do too.
  const asked = askedBy(question)
  const asks = asksSomething(parts)
  const follow = useEffectEvent(() => {
    if (!asks) search.reset()
    else if (state.phase === 'idle' || askedBy(state.question) !== asked) {
      setNotice((notice) => (cameBack() ? '' : notice))
      if (!(cameBack() && search.recall(question))) void start(question)
    }
  })
  useEffect(() => follow(), [asked])

  // Fewer are shown at once; more have to be asked for, if there are any.
  const { limit } = question
  const { phase } = state
  const extend = useEffectEvent(() => {
    if (state.phase !== 'found' || state.question.limit === limit) return
    if (askedBy(state.question) === asked) void search.extend(question)
  })
  useEffect(() => extend(), [limit, phase])

  const error = state.phase === 'failed' ? state.error : null
  useEffect(() => refuse(error), [refuse, error])

  function ask(what: Partial<Question>) {
    setNotice('')
    const { filter, sort, group } = question
    const kept = { filter, sort, group, ...settings, limit: Math.min(settings.limit, atFirst) }
    const next = { ...noQuestion, ...kept, ...what }
    // Asked once more, it may be answered otherwise: the library has changed, or more are wanted.
    if (askedBy(next) === asked && asks && state.phase !== 'searching') void start(next)
    go(next, askedBy(next) === asked ? 'replace' : 'push')
  }

  function take(taken: readonly Part[], as: Taken) {
    // What results are not to be like waits for something that they are to be like.
    const before = as === 'added' || !asks ? parts : []
    const next = taken.reduce((all, part) => withPart(all, part), before)
    ask({ parts: next })
    const left = new Set([...before, ...taken].map(keyOf)).size - next.length
    if (left > 0) setNotice(t.tooMany(left))
  }

  async function takeFiles(files: File[], as: Taken) {
    const { queries, refused } = chooseFiles(files, library.info?.limits)
    const [alone] = refused
    if (files.length === 1 && alone && as === 'alone') {
      setBeside({ query: alone, parts: '' })
      return ask({})
    }
    const names = await Promise.all(queries.map(({ file }) => keepFile(file)))
    const taken = names.map((value): Part => ({ kind: 'picture', value, less: false }))
    if (taken.length > 0) take(taken, as)
    const [reason] = refused
    if (reason) {
      setNotice(t.leftOut(format.list(refused.map(({ file }) => file.name)), reason.advice(t, format))) // prettier-ignore
    }
  }

  /** The search button, with nothing written beside it. */
  async function searchAgain() {
    if (beside?.kind === 'file') {
      take([{ kind: 'picture', value: await keepFile(beside.file), less: false }], 'alone')
    } else if (!asks) setNotice(t.chooseFirst)
    else if (state.phase !== 'searching') ask({ parts })
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

  const stored = (id: string, less = false): Part => {
    keepFocus()
    const picture = looked.find((each) => each.id === id)
    if (picture) knowStored(picture)
    return { kind: 'stored', value: id, less }
  }
  const askOn: AskOn = {
    alone: (id) => take([stored(id)], 'alone'),
    more: (id) => take([stored(id)], 'added'),
    less: (id) => take([stored(id, true)], 'added'),
  }
  const { judge } = useStable({
    judge(id: string, judgement: Judgement | null) {
      go({ ...question, ...withJudgement(question, id, judgement) }, 'push')
      if (found && judgement && keepsJudgements()) void keep(found, id, judgement)
    },
  })
  const judging = useMemo(
    (): Judging => ({ of: (id) => judgementOf(question, id), judge }),
    [question, judge],
  )
  // Of the question as it was before it was moved.
  async function keep({ queries }: Found, id: string, judgement: Judgement) {
    try {
      const { signal } = new AbortController()
      const parts = await partsOf({ client, question, queries, signal })
      await client.feedback.add(parts, id, judgement)
    } catch (failed) {
      refuse(failed)
      setNotice(strings.feedback.failed(explain(failed, strings.frame).detail))
    }
  }
  const searchText = (words: string) => {
    keepFocus()
    const [only] = settled.phase === 'found' ? settled.queries : []
    const picture = only && only.kind !== 'text' ? only : beside
    // Words that were made of a picture stand in for it; it is still seen.
    if (picture) setBeside({ query: picture, parts: keysOf(withWords([], words)) })
    ask({ parts: withWords([], words) })
  }
  const searchTyped = (words: string) =>
    isLink(words)
      ? take([{ kind: 'picture', value: words, less: false }], 'alone')
      : ask({ parts: withWords(parts, words) })
  const again = () => {
    keepFocus()
    void start(question)
  }

  useTitle(state.phase === 'found' ? titleOf(state, strings) : '')
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
    ...(parts.length > 0 ? [{ name: t.anew, run: () => ask({}) }] : []),
    ...(state.phase === 'searching' ? [{ name: t.cancel, keys: 'Escape', run: cancel }] : []),
  ])

  const searching = state.phase === 'searching'
  const settled = searching ? state.before : state
  const found = settled.phase === 'found' ? settled : null
  const arrangement = useArrangement(found, settings)
  const looked = arrangement ? inOrder(arrangement) : []

  const queries = useQueries(parts, asks ? null : client)
  const bad = badParts(error)
  const good = parts.filter((_, at) => !bad.includes(at))
  const [only] = parts
  const isOne = parts.length === 1 && only !== undefined && !only.less
  const isPicture = isOne && only.kind !== 'words'
  const beside = shownBeside?.parts === keysOf(parts) ? shownBeside.query : null
  const picture = isPicture ? pictureOf(queries[0]) : beside
  const advice = beside?.kind === 'file' ? (beside.advice?.(t, format) ?? null) : null
  const file = picture?.kind === 'file' ? picture.file : null
  const begun = parts.length > 0 || beside !== null
  const remove = (part: Part) => ask({ parts: withoutPart(parts, part) })
  return (
    <div className={begun ? 'search-view is-begun' : 'search-view'}>
      <AskBar
        key={wordsOf(parts)}
        client={client}
        // While the server has not said what it understands, as for its own embedder: nothing moves when it has.
        understands={library.info?.embedder.text ?? 'names'}
        words={wordsOf(parts)}
        hasPicture={begun}
        inputId={inputId}
        onWords={searchTyped}
        onFiles={(files) => void takeFiles(files, 'alone')}
        onPicture={() => void searchAgain()}
      />
      {parts.length > 0 && !isOne && (
        <AskedStrip
          asked={parts.map((part, at) => ({ part, query: queries[at]!, isBad: bad.includes(at) }))}
          onTurn={(part) => ask({ parts: withPart(parts, { ...part, less: !part.less }) })}
          onRemove={remove}
        >
          <AddToQuestion onFiles={(files) => void takeFiles(files, 'added')} />
        </AskedStrip>
      )}
      {begun && (
        <div className="search-view__aside">
          {(isPicture || beside) && (
            <AskedPicture
              query={picture}
              onCrop={file && !advice ? () => setCropping(true) : undefined}
              onAdd={isPicture ? (files) => void takeFiles(files, 'added') : undefined}
              onClear={() => {
                setBeside(null)
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
            arrangement={question}
            scores={found ? scoresOf(found.response) : []}
            onSettings={(changed) => {
              setNotice('')
              changeSettings(changed)
            }}
            onFilter={narrow}
            onArrange={(changed) => go({ ...question, ...changed }, 'push')}
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
        <StatusLine state={state} arrangement={arrangement} settings={settings} notice={notice} />
        {searching && <Progress key={asked} search={state} onCancel={cancel} />}
        {found && !searching && (
          <div className="search-view__on">
            {found.response.results.length > 0 && <TellMe key={asked} found={found} />}
            <JudgedNote
              question={question}
              onClear={() => {
                keepFocus()
                go({ ...question, right: '', wrong: '' }, 'push')
              }}
            />
          </div>
        )}
        {found && arrangement && (
          <JudgingProvider value={judging}>
            <Results
              found={found}
              arrangement={arrangement}
              settings={settings}
              embedder={library.info?.embedder}
              stale={searching}
              onSettings={changeSettings}
              onRetryMore={() => void search.extend(question)}
              askOn={askOn}
              onSearchText={searchText}
              onOnly={(chip) => {
                keepFocus()
                narrow(toggled(question.filter, chip))
              }}
            />
          </JudgingProvider>
        )}
        {!found && searching && <Skeleton count={settings.limit} />}
        {state.phase === 'failed' && !isUnauthorized(state.error) && (
          <SearchFailure
            error={state.error}
            bad={bad.map((at) => queries[at] ?? null)}
            onWithout={
              asksSomething(good)
                ? () => {
                    keepFocus()
                    ask({ parts: good })
                  }
                : undefined
            }
            onRetry={again}
          />
        )}
        {parts.length > 0 && !asks && (
          <>
            <p className="search-view__waiting">{t.onlyLess}</p>
            <DropHere inputId={inputId} />
          </>
        )}
        {state.phase === 'idle' && !begun && (
          <Start library={library} onPick={({ id }) => askOn.alone(id)} onReload={reload}>
            <DropHere inputId={inputId} />
          </Start>
        )}
      </section>
      <Show
        pictures={looked}
        total={looked.length}
        query={
          found
            ? comparedWith(
                found,
                looked.find(({ id }) => id === question.show),
              )
            : null
        }
        parts={parts.map(({ less }, at) => ({ name: nameOfPart(queries[at], t), less }))}
        onFindSimilar={askOn.alone}
        onMore={askOn.more}
        onLess={askOn.less}
      />
      {dragging && <DropOverlay taken={dragging} begun={parts.length > 0} />}
      {cropping && file && (
        <Suspense>
          <CropDialog
            file={file}
            onClose={() => setCropping(false)}
            onPart={(part) => {
              setCropping(false)
              void takeFiles([part], 'alone')
            }}
          />
        </Suspense>
      )}
    </div>
  )
}
