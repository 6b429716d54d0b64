import { useState, type FormEvent } from 'react'
import type { Json, Metadata } from '@lookalike/sdk'
import { Sheet } from '../../actions/sheet.tsx'
import { Failure } from '../../components/failure.tsx'
import { Icon } from '../../components/icon.tsx'
import { announce } from '../../frame/announcer.tsx'
import { useServer } from '../../server.ts'
import { useStrings } from '../../strings/strings.ts'
import { forgetRecords } from './wall/use-records.ts'
import './edit-metadata.css'

interface EditMetadataProps {
  ids: readonly string[]
  onClose: () => void
}

/** What the server changes at once at most. */
const atOnce = 1000

interface Line {
  key: string
  value: string
  /** The key is taken away. */
  removes: boolean
}

const newLine: Line = { key: '', value: '', removes: false }

/** Sets or takes away keys of the metadata of pictures; all else of it stays. */
export default function EditMetadata({ ids, onClose }: EditMetadataProps) {
  const t = useStrings().library.edit
  const close = useStrings().frame.close
  const { client, refuse } = useServer()
  const [lines, setLines] = useState([newLine])
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)

  const change = (at: number, what: Partial<Line>) =>
    setLines(lines.map((line, index) => (index === at ? { ...line, ...what } : line)))

  async function save() {
    const patch = patchOf(lines)
    if (Object.keys(patch).length === 0 || busy) return
    setBusy(true)
    setError(null)
    try {
      let changed = 0
      for (let from = 0; from < ids.length; from += atOnce) {
        const { images } = await client.patchMetadata(ids.slice(from, from + atOnce), patch)
        changed += images.filter(({ outcome }) => outcome === 'updated').length
      }
      forgetRecords(ids)
      announce(t.saved(changed))
      onClose()
    } catch (error) {
      refuse(error)
      setError(error)
      setBusy(false)
    }
  }

  return (
    <Sheet label={t.title(ids.length)} onClose={onClose}>
      <div className="sheet__head">
        <h2 className="sheet__title">{t.title(ids.length)}</h2>
        <button
          type="button"
          className="button button--icon"
          aria-label={close}
          onClick={({ currentTarget }) => currentTarget.closest('dialog')?.close()}
        >
          <Icon name="close" />
        </button>
      </div>
      <p className="view__lead">{t.lead}</p>
      <form
        className="metadata-form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault()
          void save()
        }}
      >
        {lines.map((line, at) => (
          // oxlint-disable-next-line no-array-index-key -- lines are only ever added
          <fieldset key={at} className="metadata-form__line">
            <legend className="visually-hidden">{t.line(at + 1)}</legend>
            <input
              className="field"
              aria-label={t.key}
              placeholder={t.key}
              value={line.key}
              maxLength={200}
              autoComplete="off"
              onChange={({ currentTarget }) => change(at, { key: currentTarget.value })}
            />
            <input
              className="field"
              aria-label={t.value}
              placeholder={line.removes ? t.removed : t.value}
              value={line.removes ? '' : line.value}
              disabled={line.removes}
              autoComplete="off"
              onChange={({ currentTarget }) => change(at, { value: currentTarget.value })}
            />
            <label className="metadata-form__removes">
              <input
                type="checkbox"
                checked={line.removes}
                onChange={({ currentTarget }) => change(at, { removes: currentTarget.checked })}
              />
              {t.remove}
            </label>
          </fieldset>
        ))}
        <div className="metadata-form__end">
          <button type="button" className="button" onClick={() => setLines([...lines, newLine])}>
            {t.another}
          </button>
          <button
            type="submit"
            className="button button--primary"
            aria-disabled={busy || Object.keys(patchOf(lines)).length === 0}
          >
            {busy ? t.saving : t.save}
          </button>
        </div>
      </form>
      {error !== null && <Failure error={error} titled onRetry={() => void save()} />}
    </Sheet>
  )
}

/** As JSON Merge Patch (RFC 7396) has it: null takes a key away. */
function patchOf(lines: readonly Line[]): Metadata {
  const patch: Metadata = {}
  for (const { key, value, removes } of lines) {
    if (key.trim() !== '') patch[key.trim()] = removes ? null : valueOf(value.trim())
  }
  return patch
}

/** Numbers and yes or no are what they look like; filters tell 1 from "1". */
function valueOf(text: string): Json {
  if (text === 'true' || text === 'false') return text === 'true'
  const number = Number(text)
  return text !== '' && String(number) === text ? number : text
}
