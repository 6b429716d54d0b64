import {
  lazy,
  Suspense,
  useEffect,
  useEffectEvent,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import type { Client } from '@lookalike/sdk'
import { useActions } from '../../actions/actions.ts'
import { nameOf } from '../../components/name-of.ts'
import { announce, Announcer } from '../../frame/announcer.tsx'
import { useServer } from '../../server.ts'
import { useStrings } from '../../strings/strings.ts'
import { removePictures, useRemovals } from '../removals/removals.ts'
import { askedOf, compared, noComparison } from './asked.ts'
import { Bar } from './bar.tsx'
import { resultOf, type Looked } from './looked.ts'
import { Panel } from './panel.tsx'
import { Stage, type Arrangement } from './stage.tsx'
import { Turn } from './turn.tsx'
import { useLoaded, valueOf } from './use-loaded.ts'
import { useZoom } from './use-zoom.ts'
import './lightbox.css'
import './panel.css'

const RemovalNotes = lazy(() => import('../removals/removal-notes.tsx'))

interface LightboxProps extends Looked {
  id: string
  onMove: (id: string) => void
  onClose: () => void
}

/** So few are left when more are asked for. */
const nearEnd = 10
const wide = '(min-width: 60rem)'

/** One picture as large as the window, beside what is known of it, and the way to the next. */
export default function Lightbox(props: LightboxProps) {
  const { id, pictures, total, query, onNearEnd, onMove, onClose, onFindSimilar, onMore, onLess } =
    props
  const { against = 'asked' } = props
  const { lightbox: t, library: words, results, format } = useStrings()
  const { client } = useServer()
  const removals = useRemovals()
  const stage = useRef<HTMLDivElement>(null)
  const dialog = useModal(id)
  const [arrangement, setArrangement] = useState<Arrangement>('alone')
  const [heat, setHeat] = useState(false)
  const [details, setDetails] = useState(() => matchMedia(wide).matches)

  const at = pictures.findIndex((picture) => picture.id === id)
  const result = resultOf(pictures[at])
  const asked = useMemo(() => askedOf(query), [query])
  const [record, reload] = useLoaded(id, (signal) => client.get(id, { signal }))
  const known = valueOf(record)
  const comparing = asked !== null && asked.one !== id && (result !== null || against === 'kept')
  const explains = heat || (details && result !== null)
  const [why, askWhy] = useWhy(client, comparing && explains ? asked : null, id)
  const map = heat ? (valueOf(why)?.map ?? null) : null
  const picture = known ?? pictures[at]
  const uri = known?.image_uri ?? result?.image_uri
  const name = uri ? nameOf(uri) : t.picture
  const said = known?.description || result?.description
  // From the right where lines begin there: then a finger that goes right brings the next.
  const forward = document.documentElement.dir === 'rtl' ? -1 : 1
  const zoom = useZoom(stage, `${id} ${arrangement}`, (step) => go((step * forward) as 1 | -1))

  const near = useEffectEvent(() => {
    if (at >= 0 && at >= pictures.length - nearEnd) onNearEnd?.()
  })
  useEffect(() => near(), [at, pictures.length])

  function go(step: 1 | -1) {
    const next = at < 0 ? undefined : pictures[at + step]
    if (next) onMove(next.id)
  }

  function remove() {
    const next = pictures[at + 1] ?? pictures[at - 1]
    removePictures(client, [id])
    announce(words.removed(1), { seen: false })
    if (next) onMove(next.id)
    else onClose()
  }

  const arrange = (next: Arrangement) =>
    setArrangement((now) => (now === next && next !== 'alone' ? 'alone' : next))
  useActions(
    t.title,
    [
      { name: t.close, keys: 'Escape', run: onClose },
      { name: t.next, keys: 'ArrowRight', run: () => go(forward) },
      { name: t.previous, keys: 'ArrowLeft', run: () => go(-forward as 1 | -1) },
      { name: t.closer, keys: '+', run: zoom.closer },
      { name: t.farther, keys: '-', run: zoom.farther },
      { name: t.fit, keys: '0', run: zoom.fit },
      ...(comparing
        ? [
            { name: t.against[against].beside, keys: 'c', run: () => arrange('beside') },
            { name: t.against[against].over, keys: 'v', run: () => arrange('over') },
            { name: t.why.where, keys: 'h', run: () => setHeat((shown) => !shown) },
          ]
        : []),
      { name: t.details, keys: 'i', run: () => setDetails((open) => !open) },
      { name: results.findSimilar, keys: 's', run: () => onFindSimilar(id) },
      ...(onMore ? [{ name: results.add, keys: 'a', run: () => onMore(id) }] : []),
      ...(onLess ? [{ name: results.less, keys: 'u', run: () => onLess(id) }] : []),
      { name: t.remove, keys: 'Delete', run: remove },
    ],
    'over',
  )

  return (
    <dialog
      ref={dialog}
      className={details ? 'lightbox has-details' : 'lightbox'}
      aria-label={name}
      data-keys=""
      // Esc where something is written, which no action hears.
      tabIndex={-1}
      onCancel={(event) => {
        if (event.target !== event.currentTarget) return
        event.preventDefault()
        onClose()
      }}
    >
      <Bar
        name={name}
        position={
          at < 0 ? '' : t.position(format.number(at + 1), format.number(total ?? pictures.length))
        }
        arrangement={comparing ? arrangement : null}
        against={against}
        onArrange={arrange}
        details={details}
        onDetails={() => setDetails(!details)}
        zoom={zoom}
        onClose={onClose}
      />
      {picture ? (
        <Stage
          stage={stage}
          found={{ kind: 'stored', picture }}
          alt={said || name}
          asked={comparing ? asked : null}
          against={against}
          arrangement={arrangement}
          zoom={zoom.zoom}
          heat={map}
        >
          <Turn
            previous={pictures[at - 1] ? () => go(-1) : null}
            next={at >= 0 && pictures[at + 1] ? () => go(1) : null}
          />
        </Stage>
      ) : (
        <div className="stage" aria-busy={record.state === 'loading'} />
      )}
      {(details || record.state === 'failed') && (
        <Panel
          id={id}
          name={name}
          record={record}
          onReload={reload}
          result={result}
          without={noComparison(query, t)}
          parts={props.parts ?? []}
          against={asked?.name ?? null}
          why={why}
          onWhyAgain={askWhy}
          heat={heat}
          onHeat={setHeat}
          onFindSimilar={() => onFindSimilar(id)}
          onMore={onMore && (() => onMore(id))}
          onLess={onLess && (() => onLess(id))}
          onRemove={remove}
        />
      )}
      {/* What lies outside of a modal dialog can be neither used nor heard. */}
      <div className="tray">
        <Suspense>{removals.length > 0 && <RemovalNotes />}</Suspense>
      </div>
      <Announcer />
    </dialog>
  )
}

function useWhy(client: Client, asked: ReturnType<typeof askedOf>, id: string) {
  return useLoaded(asked && `${nameOfAsked(asked)} ${id}`, (signal) =>
    compared(client, asked!, id, signal),
  )
}

function nameOfAsked({ one, name }: NonNullable<ReturnType<typeof askedOf>>): string {
  return typeof one === 'string' ? one : `${name} ${one.size}`
}

/** Opened as long as it is there; then the focus is on the picture that was looked at last, where that is there. */
function useModal(id: string) {
  const dialog = useRef<HTMLDialogElement>(null)
  const last = useRef(id)
  useEffect(() => {
    last.current = id
  }, [id])
  // While it is still in the document, or the browser would not give the focus back.
  useLayoutEffect(() => {
    const opened = dialog.current
    opened?.showModal()
    opened?.focus()
    return () => {
      opened?.close()
      document.querySelector<HTMLElement>(`a[data-picture="${CSS.escape(last.current)}"]`)?.focus()
    }
  }, [])
  return dialog
}
