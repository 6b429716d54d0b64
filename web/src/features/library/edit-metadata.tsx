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
  /** Of the one picture, to begin with; absent for several. */
  metadata?: Metadata
  onSaved?: () => void
  onClose: () => void
}

/** What the server changes at once at most. */
const atOnce = 1000

interface Line {
  key: string
  value: string
  /** The key is taken away. */
  removes: boolean
  /** What there is already; null for a new key. */
  was: Json
}

const newLine: Line = { key: '', value: '', removes: false, was: null }

/** Sets or takes away keys of the metadata of pictures; all else of it stays. */
export default function EditMetadata({ ids, metadata, onSaved, onClose }: EditMetadataProps) {
  const t = useStrings().library.edit
  const close = useStrings().frame.close
  const { client, refuse } = useServer()
  const [lines, setLines] = useState(() => linesOf(metadata))
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
      onSaved?.()
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
      <p className="view__lead">{metadata ? t.leadOfOne : t.lead}</p>
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
              readOnly={line.was !== null}
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

function linesOf(metadata: Metadata | undefined): Line[] {
  const there = Object.entries(metadata ?? {}).map(([key, was]) => ({
    key,
    value: textOf(was),
    removes: false,
    was,
  }))
  return [...there, newLine]
}

/** What changes, as JSON Merge Patch (RFC 7396) has it: null takes a key away. */
function patchOf(lines: readonly Line[]): Metadata {
  const patch: Metadata = {}
  for (const { key, value, removes, was } of lines) {
    const name = key.trim()
    if (name === '' || (!removes && was !== null && value === textOf(was))) continue
    patch[name] = removes ? null : merging(was, valueOf(value.trim(), was))
  }
  return patch
}

function textOf(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** Numbers and yes or no are what they look like; filters tell 1 from "1". What was a list or an object stays one. */
function valueOf(text: string, was: Json): Json {
  if (text === 'true' || text === 'false') return text === 'true'
  const number = Number(text)
  if (text !== '' && String(number) === text) return number
  return typeof was === 'object' && was !== null ? (parsed(text) ?? text) : text
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** A patch that makes `to` of `from`: members that are in no object any more have to be named. */
function merging(from: Json, to: Json): Json {
  if (!isObject(from) || !isObject(to)) return to
  const patch: Metadata = {}
  for (const key of Object.keys(from)) if (!(key in to)) patch[key] = null
  for (const [key, value] of Object.entries(to)) patch[key] = merging(from[key] ?? null, value)
  return patch
}

function isObject(value: Json): value is { [key: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
