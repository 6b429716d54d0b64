import { useEffect, useMemo, useRef } from 'react'
import { useLocation } from 'wouter'
import { useActions } from '../actions/actions.ts'
import { wordsOf, withWords } from '../address/parts.ts'
import { formatQuestion, likeStored } from '../address/question.ts'
import { useQuestion } from '../address/use-question.ts'
import { Failure } from '../components/failure.tsx'
import { EmptyLibrary } from '../features/library/empty-library.tsx'
import { usePictures, type Listing } from '../features/library/pictures.ts'
import { useChosen, useSelection } from '../features/library/selection.ts'
import { SelectionBar } from '../features/library/selection-bar.tsx'
import { Toolbar } from '../features/library/toolbar.tsx'
import { PictureWall } from '../features/library/wall/wall.tsx'
import { Show } from '../features/lightbox/show.tsx'
import { useShow } from '../features/lightbox/use-show.ts'
import { AddPictures } from '../features/uploads/add-pictures.tsx'
import { useHidden } from '../features/removals/removals.ts'
import { useTitle } from '../frame/use-title.ts'
import { useServer } from '../server.ts'
import { useStrings } from '../strings/strings.ts'
import '../features/library/start.css'

/** All of the library, or what of it is asked for, as far down as one scrolls. */
export default function LibraryView() {
  const t = useStrings().library
  const { client, library, reload, refuse } = useServer()
  const [question, go] = useQuestion()
  const [path, navigate] = useLocation()
  const show = useShow()
  const { filter, order } = question
  const text = wordsOf(question.parts)
  const listing: Listing = { text, filter, order }
  const listed = usePictures(client, listing)
  const { state, error, total, loadMore, loadAll } = listed
  const hidden = useHidden()
  const pictures = useMemo(
    () => (hidden.size > 0 ? listed.pictures.filter(({ id }) => !hidden.has(id)) : listed.pictures),
    [listed.pictures, hidden],
  )
  const missing = listed.pictures.length - pictures.length
  const selection = useSelection(pictures)
  const chosen = useChosen(pictures, selection.ids)
  const count = state === 'all' ? pictures.length : total === null ? null : total - missing
  const asksForAll = text === '' && filter === null
  const first = state === 'loading' && pictures.length === 0

  // Pictures were added or deleted, here or elsewhere.
  const images = library.info?.images
  const seen = useRef(images)
  const { refresh } = listed
  useEffect(() => {
    if (images === undefined || images === seen.current) return
    if (seen.current !== undefined) refresh()
    seen.current = images
  }, [images, refresh])

  useTitle(t.title)
  useEffect(() => refuse(error), [refuse, error])
  useActions(t.title, [
    {
      name: t.selectAll,
      keys: 'mod+a',
      run: () =>
        void loadAll().then((all) => selection.all(all.filter(({ id }) => !hidden.has(id)))),
    },
    {
      name: t.textLabel,
      keys: '/',
      run: () => document.querySelector<HTMLElement>('.toolbar__text')?.focus(),
    },
  ])

  function more() {
    if (state === 'more') loadMore()
  }

  function change({ text, filter, order }: Listing) {
    selection.clear()
    scrollTo(0, 0)
    // Each letter of a text is no step of its own.
    const step = text === listing.text ? 'push' : 'replace'
    go({ ...question, parts: withWords([], text), filter, order }, step)
  }

  return (
    <div className="view" aria-busy={first}>
      <h2 className="view__title">{t.title}</h2>
      <Toolbar listing={listing} onListing={change} count={count === null ? '' : t.pictures(count)}>
        <AddPictures />
      </Toolbar>
      {pictures.length > 0 && (
        <PictureWall
          pictures={pictures}
          total={count}
          selection={selection}
          hrefOf={(id) => path + show.hrefOf(id)}
          onOpen={show.open}
          shown={show.shown}
          onNearEnd={more}
          depth={listed.depth}
          onDepth={listed.keepDepth}
        />
      )}
      {state === 'all' &&
        pictures.length === 0 &&
        (asksForAll && missing === 0 ? (
          <EmptyLibrary onReload={reload} />
        ) : (
          <p>{asksForAll ? t.noneLeft : t.noneOfThese}</p>
        ))}
      {state === 'failed' && <Failure error={error} titled onRetry={loadMore} />}
      {chosen.length > 0 && (
        <SelectionBar ids={chosen.map(({ id }) => id)} onClear={selection.clear} />
      )}
      <Show
        pictures={pictures}
        total={count}
        query={null}
        onNearEnd={more}
        onFindSimilar={(id) => navigate(`/${formatQuestion(likeStored(id))}`)}
      />
    </div>
  )
}
