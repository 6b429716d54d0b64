import { useEffect, useRef, useState, type FormEvent } from 'react'
import type { ImageRecord } from '@lookalike/sdk'
import { explain } from '../../components/failure.tsx'
import { takeFocus } from '../../components/take-focus.ts'
import { announce } from '../../frame/announcer.tsx'
import { useServer } from '../../server.ts'
import { useStrings } from '../../strings/strings.ts'
import { forgetRecords } from '../library/wall/use-records.ts'

interface DescribedProps {
  record: ImageRecord
  onSaved: () => void
}

/** What the picture shows, in the embedder's words or in a person's, and a way to say it better. */
export function Described({ record, onSaved }: DescribedProps) {
  const { lightbox } = useStrings()
  const t = lightbox.described
  const { id, description, described_by: by } = record
  const [editing, setEditing] = useState(false)
  const editButton = useRef<HTMLButtonElement>(null)
  const ended = useRef(false)

  // The editor takes the focus along when it goes; it comes back to the button that is there again.
  useEffect(() => {
    if (!editing && ended.current) editButton.current?.focus()
    ended.current = false
  }, [editing])

  function end() {
    ended.current = true
    setEditing(false)
  }

  if (editing)
    return (
      <Editor
        id={id}
        description={description}
        onSaved={() => {
          end()
          onSaved()
        }}
        onCancel={end}
      />
    )
  return (
    <div className="described">
      {description && <p className="panel__description">{description}</p>}
      <p className="described__foot">
        {by === 'caller' && <span className="why__note">{t.byPerson}</span>}
        <button
          type="button"
          ref={editButton}
          className="button button--quiet"
          onClick={() => setEditing(true)}
        >
          {description ? t.edit : t.add}
        </button>
      </p>
    </div>
  )
}

/** The most that the server takes. */
const maxLength = 8000

interface EditorProps {
  id: string
  description: string
  onSaved: () => void
  onCancel: () => void
}

function Editor({ id, description, onSaved, onCancel }: EditorProps) {
  const { lightbox, library: words, ask, frame, format } = useStrings()
  const t = lightbox.described
  const { client, library, refuse } = useServer()
  const [text, setText] = useState(description)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const said = text.trim()
  const ready = said !== '' && said !== description && !busy

  async function save(event: FormEvent) {
    event.preventDefault()
    if (!ready) return
    setBusy(true)
    setError(null)
    try {
      const { usage } = await client.setDescription(id, said)
      forgetRecords([id])
      const usd = usage.estimated_usd
      announce(usage.calls > 0 && usd !== null ? t.savedFor(format.smallDollars(usd)) : t.saved)
      onSaved()
    } catch (error) {
      refuse(error)
      setError(error)
      setBusy(false)
    }
  }

  return (
    <form className="described" onSubmit={(event) => void save(event)}>
      <textarea
        className="field described__text"
        aria-label={t.label}
        aria-describedby="described-note"
        maxLength={maxLength}
        rows={4}
        value={text}
        ref={takeFocus}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          if (event.key === 'Escape') onCancel()
          else if (event.key === 'Enter' && !event.shiftKey)
            event.currentTarget.form?.requestSubmit()
          else return
          // The dialog would close.
          event.preventDefault()
        }}
      />
      <p id="described-note" className="why__note">
        {library.info?.embedder.describes === 'semantic' ? t.embedded : t.kept}
      </p>
      {error !== null && <p role="alert">{explain(error, frame).detail}</p>}
      <div className="described__actions">
        <button type="submit" className="button button--primary" aria-disabled={!ready}>
          {busy ? words.edit.saving : words.edit.save}
        </button>
        <button type="button" className="button" onClick={onCancel}>
          {ask.cancel}
        </button>
      </div>
    </form>
  )
}
