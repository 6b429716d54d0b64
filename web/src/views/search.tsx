import { useId, useRef } from 'react'
import { useActions } from '../actions/actions.ts'
import { asksSeveral, asksSomething, withoutPart, withPart, wordsOf, type Part } from '../address/parts.ts' // prettier-ignore
import { bringIntoView } from '../components/bring-into-view.ts'
import { isUnauthorized } from '../components/failure.tsx'
import { isOfAll } from '../features/ask/search/ask.ts'
import { Aside } from '../features/ask/aside.tsx'
import { nameOfPart, pictureOf, useQueries } from '../features/ask/asked-parts.ts'
import { AskBar } from '../features/ask/ask-bar.tsx'
import { AskedStrip } from '../features/ask/asked-strip.tsx'
import { DropHere } from '../features/ask/pictures/drop-here.tsx'
import { DropOverlay } from '../features/ask/pictures/drop-overlay.tsx'
import { AddToQuestion } from '../features/ask/pictures/file-input.tsx'
import { Progress } from '../features/ask/search/progress.tsx'
import { badParts, knowStored } from '../features/ask/query.ts'
import { SearchFailure } from '../features/ask/search/search-failure.tsx'
import { titleOf } from '../features/ask/search/title.ts'
import { useAsking } from '../features/ask/use-asking.ts'
import { useIncomingPictures } from '../features/ask/pictures/use-incoming-pictures.ts'
import { TellMe } from '../features/bell/tell-me.tsx'
import { JudgedNote } from '../features/feedback/judged-note.tsx'
import { JudgingProvider } from '../features/feedback/judging.ts'
import { useJudgements } from '../features/feedback/use-judgements.ts'
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
import { useTitle } from '../frame/use-title.ts'
import { useServer } from '../server.ts'
import { useStrings } from '../strings/strings.ts'
import './search.css'

/** The question that is in the address, and what is found for it. */
export default function SearchView() {
  const strings = useStrings()
  const { ask: t, results, format } = strings
  const { client, library, reload } = useServer()
  const outcome = useRef<HTMLElement>(null)
  const inputId = useId()
  const asking = useAsking(() => bringIntoView(outcome.current))
  const { question, asked, asks, beside, search, settings, ask, take, takeFiles } = asking
  const { parts } = question
  const { state } = search

  const searching = state.phase === 'searching'
  const settled = searching ? state.before : state
  const found = settled.phase === 'found' ? settled : null
  const arrangement = useArrangement(found, settings)
  const looked = arrangement ? inOrder(arrangement) : []

  const queries = useQueries(parts, asks ? null : client)
  const bad = badParts(state.phase === 'failed' ? state.error : null)
  const good = parts.filter((_, at) => !bad.includes(at))
  const [only] = parts
  const isOne = parts.length === 1 && only !== undefined && !only.less
  const advice = beside?.kind === 'file' ? beside.advice?.(t, format) : undefined
  const begun = parts.length > 0 || beside !== null

  const judging = useJudgements({
    question,
    found,
    onChange: asking.change,
    onFailed: asking.setNotice,
  })
  const dragging = useIncomingPictures({
    onFiles: (files, taken) => void takeFiles(files, taken),
    onLink: asking.takeLink,
  })

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
    ...(searching ? [{ name: t.cancel, keys: 'Escape', run: asking.cancel }] : []),
  ])

  return (
    <div className={begun ? 'search-view is-begun' : 'search-view'}>
      <AskBar
        client={client}
        // While the server has not said what it understands, as for its own embedder: nothing moves when it has.
        understands={library.info?.embedder.text ?? 'names'}
        words={wordsOf(parts)}
        hasPicture={begun}
        inputId={inputId}
        onWords={asking.takeTyped}
        onFiles={(files) => void takeFiles(files, 'alone')}
        onPicture={() => void asking.searchAgain()}
      />
      {parts.length > 0 && !isOne && (
        <AskedStrip
          asked={parts.map((part, at) => ({ part, query: queries[at]!, isBad: bad.includes(at) }))}
          onTurn={(part) => ask({ parts: withPart(parts, { ...part, less: !part.less }) })}
          onRemove={(part) => ask({ parts: withoutPart(parts, part) })}
        >
          <AddToQuestion onFiles={(files) => void takeFiles(files, 'added')} />
          {asksSeveral(parts) && (
            <label className="asked-strip__all" title={t.allHint}>
              <input
                type="checkbox"
                checked={question.all}
                onChange={({ currentTarget }) => ask({ all: currentTarget.checked, parts })}
              />
              {t.all}
            </label>
          )}
        </AskedStrip>
      )}
      {begun && (
        <Aside
          asking={asking}
          picture={isOne && only.kind !== 'words' ? pictureOf(queries[0]) : undefined}
          scores={found ? scoresOf(found.response) : []}
        />
      )}
      <section
        id="outcome"
        className="outcome"
        aria-label={results.pictures}
        aria-busy={searching || library.loading}
        tabIndex={-1}
        ref={outcome}
      >
        <StatusLine
          state={state}
          arrangement={arrangement}
          settings={settings}
          notice={asking.notice}
        />
        {searching && <Progress key={asked} search={state} onCancel={asking.cancel} />}
        {found && !searching && (
          <div className="search-view__on">
            {found.response.results.length > 0 && <TellMe key={asked} found={found} />}
            <JudgedNote
              question={question}
              onClear={() => {
                keepFocus()
                asking.change({ right: '', wrong: '' })
              }}
            />
          </div>
        )}
        {found && arrangement && (
          <JudgingProvider value={isOfAll(found.question) ? null : judging}>
            <Results
              found={found}
              arrangement={arrangement}
              settings={settings}
              embedder={library.info?.embedder}
              stale={searching}
              onSettings={asking.changeSettings}
              onRetryMore={() => void search.extend(question)}
              askOn={askOn}
              onSearchText={(words) => {
                keepFocus()
                const picture = pictureOf(found.queries[0]) ?? beside
                asking.askWithWords(words, picture)
              }}
              onOnly={(chip) => {
                keepFocus()
                asking.narrow(toggled(question.filter, chip))
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
            onRetry={() => {
              keepFocus()
              void search.run(question)
            }}
            onInstead={(word, name) => {
              keepFocus()
              asking.replaceWord(word, name)
            }}
          />
        )}
        {advice && state.phase === 'idle' && (
          <>
            <section className="failure">
              <h2 className="failure__title">{t.advice.title}</h2>
              <p className="failure__detail" role="alert">
                {advice}
              </p>
            </section>
            <DropHere inputId={inputId} />
          </>
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
    </div>
  )
}
