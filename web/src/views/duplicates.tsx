import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import { formatQuestion, likeStored } from '../address/question.ts'
import { Failure } from '../components/failure.tsx'
import { storedQuery } from '../features/ask/query.ts'
import { copiesOf, Group } from '../features/duplicates/group.tsx'
import { useGroups } from '../features/duplicates/use-groups.ts'
import { Show } from '../features/lightbox/show.tsx'
import { useShow } from '../features/lightbox/use-show.ts'
import { removePictures, useHidden } from '../features/removals/removals.ts'
import { announce } from '../frame/announcer.tsx'
import { useTitle } from '../frame/use-title.ts'
import { useServer } from '../server.ts'
import { useStrings } from '../strings/strings.ts'

/** Pictures that are there more than once: which copy stays, of one or of all. */
export default function DuplicatesView() {
  const { duplicates: t, library: words } = useStrings()
  const { client, library, refuse } = useServer()
  const listed = useGroups(client, library.info?.images)
  const { state, error, totals, loadMore, loadAll } = listed
  const hidden = useHidden()
  const show = useShow()
  const [, navigate] = useLocation()
  const [chosen, setChosen] = useState<ReadonlyMap<string, string>>(new Map())
  const [busy, setBusy] = useState(false)
  useTitle(t.title)
  useEffect(() => refuse(error), [refuse, error])
  const end = useEnd(() => {
    if (state === 'more') loadMore()
  }, listed.groups)

  // What is deleted is in no group any more, and one alone is none.
  const shown = (groups: typeof listed.groups) =>
    groups.flatMap((group) => {
      const copies = copiesOf(group).filter(({ image }) => !hidden.has(image.id))
      const [best] = copies
      if (!best || copies.length < 2) return []
      const wanted = chosen.get(group.keeper.id)
      const kept = copies.some(({ image }) => image.id === wanted) ? wanted! : best.image.id
      const others = copies.map(({ image }) => image.id).filter((id) => id !== kept)
      return [{ key: group.keeper.id, copies, kept, others }]
    })
  const groups = shown(listed.groups)

  function remove(ids: string[]) {
    removePictures(client, ids)
    announce(words.removed(ids.length), { seen: false })
    document.getElementById('content')?.focus({ preventScroll: true })
  }

  async function removeAll() {
    if (busy) return
    setBusy(true)
    const all = await loadAll()
    setBusy(false)
    if (all) remove(shown(all).flatMap(({ others }) => others))
  }

  const open = groups.find(({ copies }) => copies.some(({ image }) => image.id === show.shown))
  const looked = open?.copies.map(({ image }) => image) ?? []
  const stays = looked.find(({ id }) => id === open?.kept)

  const none = state === 'all' && groups.length === 0
  return (
    <div className="view" aria-busy={state === 'loading' && groups.length === 0}>
      <h2 className="view__title">{t.title}</h2>
      <div className="duplicates__all">
        <p className="view__lead" role="status">
          {none ? t.none : totals && t.lead(totals.total_groups, totals.total_duplicates)}{' '}
          {totals !== null && totals.pending > 0 && t.pending(totals.pending)}
        </p>
        {totals !== null && groups.length > 1 && (
          <button
            type="button"
            className="button"
            aria-disabled={busy}
            onClick={() => void removeAll()}
          >
            {t.deleteAll}
          </button>
        )}
      </div>
      <div className="groups">
        {groups.map(({ key, copies, kept, others }) => (
          <Group
            key={key}
            copies={copies}
            kept={kept}
            hrefOf={show.hrefOf}
            onOpen={show.open}
            onKeep={(id) => setChosen(new Map(chosen).set(key, id))}
            onDelete={() => remove(others)}
          />
        ))}
        <div ref={end} />
      </div>
      {state === 'failed' && <Failure error={error} titled onRetry={loadMore} />}
      <Show
        pictures={looked}
        total={looked.length}
        query={stays ? storedQuery(stays) : null}
        against="kept"
        onFindSimilar={(id) => navigate(`/${formatQuestion(likeStored(id))}`)}
      />
    </div>
  )
}

/** An element whose coming near means that the end of what there is comes near. */
function useEnd(onNear: () => void, listed: unknown) {
  const end = useRef<HTMLDivElement>(null)
  const near = useRef(onNear)
  useEffect(() => {
    near.current = onNear
  })
  useEffect(() => {
    const observer = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) near.current()
      },
      { rootMargin: '100% 0px' },
    )
    if (end.current) observer.observe(end.current)
    return () => observer.disconnect()
  }, [listed])
  return end
}
