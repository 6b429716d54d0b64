import { useEffect, useEffectEvent, useId, useState } from 'react'
import { Icon } from '../../components/icon.tsx'
import { announce } from '../../frame/announcer.tsx'
import { useServer } from '../../server.ts'
import { useStrings } from '../../strings/strings.ts'
import { useUploads, type Uploads } from './list.ts'
import { agree, bring, cancel, clear, goOn, retry, startUploads } from './queue.ts'
import type { Upload, UploadState } from './upload.ts'
import './upload-list.css'

/** For those who bring some: they come with the list. */
export { bring, startUploads }

/** What is shown grows once so many are added, and so many ms later. */
const growPictures = 20
const growMs = 2000

/** The list has so many lines at most: who brings thousands looks for those that did not arrive. */
const linesAtMost = 200
const order: readonly UploadState[] = [
  'sending',
  'failed',
  'lost',
  'skipped',
  'ready',
  'waiting',
  'known',
  'added',
]

/** Pictures on their way into the library, over whatever view. */
export default function UploadList() {
  const t = useStrings().uploads
  const { client, library, reload, refuse } = useServer()
  const { info } = library
  const uploads = useUploads()
  const { all, counts, pause, idle } = uploads
  const [open, setOpen] = useState(false)
  const id = useId()

  useEffect(() => {
    if (info) void startUploads({ client, paid: info.embedder.text === 'any' })
  }, [client, info])

  const settle = useEffectEvent(() => {
    if (!idle || all.length === 0) return
    announce(summary(uploads, t), { seen: false })
    if (counts.added > 0) reload()
  })
  useEffect(() => settle(), [idle])
  // The library grows on its wall meanwhile.
  const grown = Math.floor(counts.added / growPictures)
  useEffect(() => {
    if (idle || grown === 0) return
    const timer = setTimeout(reload, growMs)
    return () => clearTimeout(timer)
  }, [idle, grown, reload])
  const locked = pause?.why === 'locked'
  useEffect(() => {
    // The server says itself that it needs a key, and signing in goes on with this.
    if (locked) client.info().catch(refuse)
  }, [locked, client, refuse])

  if (all.length === 0) return null
  const over = counts.added + counts.known + counts.skipped + counts.failed + counts.lost
  return (
    <section className="uploads" aria-label={t.title}>
      <div className="uploads__head">
        <p className="uploads__title" id={`${id}-title`}>
          {idle ? summary(uploads, t) : t.going(over, all.length)}
        </p>
        <button
          type="button"
          className="button button--quiet"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          {open ? t.less : t.list}
        </button>
        {idle && (
          <button
            type="button"
            className="button button--icon"
            aria-label={t.clear}
            title={t.clear}
            onClick={() => {
              document.getElementById('content')?.focus({ preventScroll: true })
              clear()
            }}
          >
            <Icon name="close" />
          </button>
        )}
      </div>
      {!idle && (
        <progress
          className="uploads__progress"
          aria-labelledby={`${id}-title`}
          value={over}
          max={all.length}
        />
      )}
      {pause && (
        <p className="uploads__pause" role="status">
          {t.pause[pause.why]} {pause.why !== 'away' && pause.why !== 'locked' && pause.reason}
        </p>
      )}
      <Agreement uploads={uploads} />
      {counts.lost > 0 && <p>{t.lost(counts.lost)}</p>}
      <div className="uploads__actions">
        {pause && (
          <button type="button" className="button" onClick={goOn}>
            {t.now}
          </button>
        )}
        {counts.failed > 0 && (
          <button type="button" className="button" onClick={retry}>
            {t.retry(counts.failed)}
          </button>
        )}
        {!idle && (
          <button type="button" className="button" onClick={cancel}>
            {t.cancel}
          </button>
        )}
      </div>
      <div
        className="uploads__list"
        id={id}
        hidden={!open}
        tabIndex={0}
        role="group"
        aria-label={t.list}
      >
        {open && <Lines all={all} />}
      </div>
    </section>
  )
}

/** What the new ones cost, where that is paid; nothing is sent before somebody agrees. */
function Agreement({ uploads: { cost } }: { uploads: Uploads }) {
  const { uploads: t } = useStrings()
  if (!cost) return null
  return (
    <div className="uploads__cost" role="alert">
      <p>
        {cost.estimated_usd === null
          ? t.costUnknown(cost.images)
          : t.cost(cost.images, cost.estimated_usd, cost.estimated_minutes)}
      </p>
      <button type="button" className="button button--primary" onClick={agree}>
        {t.agree}
      </button>
    </div>
  )
}

function Lines({ all }: { all: readonly Upload[] }) {
  const { uploads: t, format } = useStrings()
  const sorted = all.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state))
  return (
    <>
      <ul role="list">
        {sorted.slice(0, linesAtMost).map(({ key, path, size, state, skipped, reason }) => (
          <li key={key} className="uploads__line" data-state={state}>
            <span className="uploads__name" title={path}>
              {path}
            </span>
            <span className="uploads__state">
              {t.states[state]}
              {state === 'ready' || state === 'waiting' ? `, ${format.fileSize(size)}` : ''}
            </span>
            {(skipped ?? reason) && (
              <span className="uploads__reason">{skipped ? t.skipped[skipped] : reason}</span>
            )}
          </li>
        ))}
      </ul>
      {all.length > linesAtMost && <p>{t.more(all.length - linesAtMost)}</p>}
    </>
  )
}

type Words = ReturnType<typeof useStrings>['uploads']

function summary({ counts }: Uploads, t: Words): string {
  const said = [
    counts.added > 0 && t.added(counts.added),
    counts.known > 0 && t.known(counts.known),
    counts.skipped > 0 && t.skippedCount(counts.skipped),
    counts.failed > 0 && t.failed(counts.failed),
  ]
  return said.filter(Boolean).join(', ') || t.nothing
}
