import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import type { ImageRecord, WhyResponse } from '@lookalike/sdk'
import { explain, Failure } from '../../components/failure.tsx'
import { Icon } from '../../components/icon.tsx'
import { announce } from '../../frame/announcer.tsx'
import { useServer } from '../../server.ts'
import { useStrings } from '../../strings/strings.ts'
import { PictureStatements } from '../graph/picture-statements.tsx'
import { Copies } from './copies.tsx'
import { Facts } from './facts.tsx'
import type { Loaded } from './use-loaded.ts'
import type { AskedFor, Found } from './looked.ts'
import { Why } from './why.tsx'

const EditMetadata = lazy(() => import('../library/edit-metadata.tsx'))

interface PanelProps {
  id: string
  name: string
  record: Loaded<ImageRecord>
  onReload: () => void
  result: Found | null
  without: string | null
  parts: readonly AskedFor[]
  /** Of several parts the picture that this one is compared with. */
  against: string | null
  why: Loaded<WhyResponse>
  onWhyAgain: () => void
  heat: boolean
  onHeat: (shown: boolean) => void
  onFindSimilar: () => void
  onMore?: (() => void) | undefined
  onLess?: (() => void) | undefined
  onRemove: () => void
}

/** What is known of the picture that is looked at, and what can be done with it. */
export function Panel(props: PanelProps) {
  const { id, name, record, result, onReload } = props
  const strings = useStrings()
  const t = strings.lightbox
  const { refuse } = useServer()
  const [editing, setEditing] = useState(false)
  const error = record.state === 'failed' ? record.error : null
  useEffect(() => refuse(error), [refuse, error])
  const known = record.state === 'known' ? record.value : null

  return (
    <aside className="panel" aria-label={t.details} tabIndex={0}>
      <h2 className="panel__name">{name}</h2>
      <div className="panel__actions">
        <button type="button" className="button" onClick={props.onFindSimilar}>
          <Icon name="similar" />
          {strings.results.findSimilar}
        </button>
        {props.onMore && (
          <button type="button" className="button" onClick={props.onMore}>
            <Icon name="plus" />
            {strings.results.add}
          </button>
        )}
        {props.onLess && (
          <button type="button" className="button" onClick={props.onLess}>
            <Icon name="minus" />
            {strings.results.less}
          </button>
        )}
        {known?.image_url && (
          <>
            <a className="button" href={known.image_url} target="_blank" rel="noreferrer">
              {t.original}
            </a>
            <Download id={id} />
          </>
        )}
        <button type="button" className="button" onClick={props.onRemove}>
          {strings.library.remove}
        </button>
      </div>
      {result && (
        <Why
          result={result}
          without={props.without}
          parts={props.parts}
          against={props.against}
          loaded={props.why}
          heat={props.heat}
          onHeat={props.onHeat}
          onRetry={props.onWhyAgain}
        />
      )}
      {error !== null && <Failure error={error} titled onRetry={onReload} />}
      {known && (
        <>
          <Facts key={id} record={known} onEdit={() => setEditing(true)} onChanged={onReload} />
          <Copies key={id} id={id} />
          <PictureStatements id={id} />
          <Suspense>
            {editing && (
              <EditMetadata
                ids={[id]}
                metadata={known.metadata}
                onSaved={onReload}
                onClose={() => setEditing(false)}
              />
            )}
          </Suspense>
        </>
      )}
    </aside>
  )
}

function Download({ id }: { id: string }) {
  const strings = useStrings()
  const t = strings.library
  const { client, refuse } = useServer()
  const [busy, setBusy] = useState(false)
  const fetching = useRef<AbortController>(null)
  useEffect(() => () => fetching.current?.abort(), [])

  async function save() {
    if (busy) return
    const { download } = await import('../library/download.ts')
    const controller = new AbortController()
    fetching.current = controller
    setBusy(true)
    try {
      await download(client, [id], { signal: controller.signal, onProgress: () => {} })
    } catch (error) {
      if (controller.signal.aborted) return
      refuse(error)
      announce(t.downloadFailed(explain(error, strings.frame).detail))
    } finally {
      setBusy(false)
    }
  }

  return (
    <button type="button" className="button" aria-disabled={busy} onClick={() => void save()}>
      {t.download}
    </button>
  )
}
