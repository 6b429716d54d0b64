import { useEffect, useEffectEvent, useRef } from 'react'
import { useActions } from '../../actions/actions.ts'
import { explain } from '../../components/failure.tsx'
import { Icon } from '../../components/icon.tsx'
import { announce } from '../../frame/announcer.tsx'
import { useServer } from '../../server.ts'
import { useStrings } from '../../strings/strings.ts'
import {
  deleteNow,
  dismissRemoval,
  heldMs,
  holdCountdown,
  undoRemoval,
  useRemovals,
  type Removal,
} from './removals.ts'
import './removal-notes.css'

/** What was deleted and can be had back, over whatever view. */
export default function RemovalNotes() {
  const { removals: t } = useStrings()
  const removals = useRemovals()
  const last = removals.findLast(({ state }) => state === 'held')
  useActions(
    t.title,
    last ? [{ name: t.undoNamed(last.ids.length), keys: 'mod+z', run: () => undo(last) }] : [],
    'everywhere',
  )

  function undo({ key, ids }: Removal) {
    undoRemoval(key)
    announce(t.undone(ids.length))
  }

  return (
    <>
      {removals.map((removal) => (
        <Note key={removal.key} removal={removal} onUndo={() => undo(removal)} />
      ))}
    </>
  )
}

function Note({ removal, onUndo }: { removal: Removal; onUndo: () => void }) {
  const strings = useStrings()
  const t = strings.removals
  const { client, reload, refuse } = useServer()
  const { key, ids, state, error } = removal
  const note = useRef<HTMLDivElement>(null)
  const settle = useEffectEvent(() => {
    if (state === 'failed') refuse(error)
    if (state !== 'done') return
    // The focus does not vanish with the note.
    if (note.current?.contains(document.activeElement)) document.getElementById('content')?.focus()
    dismissRemoval(key)
    reload()
  })
  useEffect(() => settle(), [state])
  useEffect(() => {
    const listening = new AbortController()
    const hold = (type: string, reason: string, held: boolean) =>
      note.current?.addEventListener(type, () => holdCountdown(key, reason, held), {
        signal: listening.signal,
      })
    hold('pointerenter', 'pointer', true)
    hold('pointerleave', 'pointer', false)
    hold('focusin', 'focus', true)
    hold('focusout', 'focus', false)
    return () => listening.abort()
  }, [key])

  if (state === 'done') return null
  return (
    <div ref={note} className="note" role="group" aria-label={t.deleted(ids.length)}>
      <p>
        {state === 'failed'
          ? t.failed(explain(error, strings.frame).detail)
          : state === 'held'
            ? t.deleted(ids.length)
            : t.deleting(ids.length)}
      </p>
      {state === 'held' && (
        <>
          <button type="button" className="button" onClick={onUndo}>
            {t.undo}
          </button>
          <button
            type="button"
            className="button button--icon"
            aria-label={t.now}
            title={t.now}
            onClick={() => void deleteNow(client, key)}
          >
            <Icon name="close" />
          </button>
          <span className="note__time" style={{ '--held': `${heldMs}ms` }} aria-hidden="true" />
        </>
      )}
      {state === 'failed' && (
        <>
          <button type="button" className="button" onClick={() => void deleteNow(client, key)}>
            {strings.frame.failure.again}
          </button>
          <button
            type="button"
            className="button button--icon"
            aria-label={strings.frame.close}
            onClick={() => dismissRemoval(key)}
          >
            <Icon name="close" />
          </button>
        </>
      )}
    </div>
  )
}
