import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useActions } from '../../actions/actions.ts'
import { explain } from '../../components/failure.tsx'
import { Icon } from '../../components/icon.tsx'
import { announce } from '../../frame/announcer.tsx'
import { useServer } from '../../server.ts'
import { useStrings } from '../../strings/strings.ts'
import { removePictures } from '../removals/removals.ts'
import './selection-bar.css'

const EditMetadata = lazy(() => import('./edit-metadata.tsx'))

interface SelectionBarProps {
  ids: readonly string[]
  onClear: () => void
}

/** What can be done with the pictures that are chosen. */
export function SelectionBar({ ids, onClear }: SelectionBarProps) {
  const strings = useStrings()
  const t = strings.library
  const { client, refuse } = useServer()
  const [editing, setEditing] = useState(false)
  const [fetched, setFetched] = useState<number | null>(null)
  const fetching = useRef<AbortController>(null)
  useEffect(() => () => fetching.current?.abort(), [])

  function remove() {
    removePictures(client, ids)
    announce(t.removed(ids.length), { seen: false })
    onClear()
    // The button that was pressed is gone.
    document.getElementById('content')?.focus({ preventScroll: true })
  }

  async function save() {
    if (fetching.current) return
    const { download, TooMuch, zippedAtMost } = await import('./download.ts')
    if (ids.length > zippedAtMost) return announce(t.tooMany(zippedAtMost))
    const controller = new AbortController()
    fetching.current = controller
    setFetched(0)
    try {
      await download(client, ids, { signal: controller.signal, onProgress: setFetched })
    } catch (error) {
      if (controller.signal.aborted) return
      refuse(error)
      if (error instanceof TooMuch) announce(t.tooMuch)
      else announce(t.downloadFailed(explain(error, strings.frame).detail))
    } finally {
      fetching.current = null
      setFetched(null)
    }
  }

  useActions(t.selection, [
    { name: t.clearSelection, keys: 'Escape', run: onClear },
    { name: t.edit.action, keys: 'e', run: () => setEditing(true) },
    { name: t.download, keys: 'd', run: () => void save() },
    { name: t.remove, keys: 'Delete', run: remove },
  ])

  return (
    <section className="selection-bar" aria-label={t.selection}>
      <button
        type="button"
        className="button button--icon"
        aria-label={t.clearSelection}
        title={t.clearSelection}
        onClick={onClear}
      >
        <Icon name="close" />
      </button>
      <p className="selection-bar__count" role="status">
        {fetched === null ? t.selected(ids.length) : t.fetched(fetched, ids.length)}
      </p>
      <button type="button" className="button" onClick={() => setEditing(true)}>
        {t.edit.action}
      </button>
      {fetched === null ? (
        <button type="button" className="button" onClick={() => void save()}>
          {t.download}
        </button>
      ) : (
        <button type="button" className="button" onClick={() => fetching.current?.abort()}>
          {t.stop}
        </button>
      )}
      <button type="button" className="button" onClick={remove}>
        {t.remove}
      </button>
      <Suspense>{editing && <EditMetadata ids={ids} onClose={() => setEditing(false)} />}</Suspense>
    </section>
  )
}
