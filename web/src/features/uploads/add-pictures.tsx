import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { useActions } from '../../actions/actions.ts'
import { useServer } from '../../server.ts'
import { useStrings } from '../../strings/strings.ts'
import { bringsFiles, offeredOf, readDrop, type Offered } from './offered.ts'
import { setPresent } from './present.ts'
import '../ask/pictures/drop-overlay.css'

/** Until the server has said what it accepts. */
const usualMegabytes = 20

/** Takes pictures and folders into the library: chosen or, unless that means something else here, dropped or pasted. */
export function AddPictures({ takesDrops = true }: { takesDrops?: boolean }) {
  const t = useStrings().uploads
  const { client, library } = useServer()
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const { info } = library
  // Systems know no type of raw files and of some others.
  const accepted = ['image/*', ...(info?.limits.formats ?? []).map((format) => `.${format}`)].join()

  async function take(offered: Offered[]) {
    if (offered.length === 0) return
    setPresent(true)
    const { bring, startUploads } = await import('./upload-list.tsx')
    await startUploads({ client, paid: info?.embedder.text === 'any' })
    await bring(offered, (info?.limits.max_upload_mb ?? usualMegabytes) * 1e6)
  }
  const dragging = useDrop(takesDrops, (found) => void take(found))

  useActions(t.title, [
    { name: t.choose, keys: 'i', run: () => files.current?.click() },
    { name: t.chooseFolder, run: () => folder.current?.click() },
  ])

  const input = {
    type: 'file',
    multiple: true,
    hidden: true,
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) => {
      void take(offeredOf(currentTarget.files ?? []))
      currentTarget.value = ''
    },
  } as const
  return (
    <>
      <button type="button" className="button" onClick={() => files.current?.click()}>
        {t.choose}
      </button>
      <button type="button" className="button add-folder" onClick={() => folder.current?.click()}>
        {t.chooseFolder}
      </button>
      <input {...input} ref={files} accept={accepted} aria-label={t.choose} />
      <input {...input} ref={folder} aria-label={t.chooseFolder} {...{ webkitdirectory: '' }} />
      {dragging && (
        <div className="drop-overlay" aria-hidden="true">
          <p>{t.drop}</p>
        </div>
      )}
    </>
  )
}

/** Files and folders dropped anywhere on the page, or pasted. @returns whether some are dragged over it */
function useDrop(enabled: boolean, onDrop: (offered: Offered[]) => void): boolean {
  const [dragging, setDragging] = useState(false)
  const receive = useEffectEvent(onDrop)
  useEffect(() => {
    if (!enabled) return
    const listening = new AbortController()
    const { signal } = listening
    const take = (transfer: DataTransfer) => void readDrop(transfer).then((found) => receive(found))
    addEventListener(
      'dragover',
      (event) => {
        if (!event.dataTransfer || !bringsFiles(event.dataTransfer)) return
        event.preventDefault()
        event.dataTransfer.dropEffect = 'copy'
        setDragging(true)
      },
      { signal },
    )
    addEventListener(
      'dragleave',
      (event) => {
        if (!event.relatedTarget) setDragging(false)
      },
      { signal },
    )
    addEventListener(
      'drop',
      (event) => {
        setDragging(false)
        if (!event.dataTransfer || !bringsFiles(event.dataTransfer)) return
        event.preventDefault()
        take(event.dataTransfer)
      },
      { signal },
    )
    addEventListener(
      'paste',
      ({ clipboardData }) => {
        if (clipboardData && bringsFiles(clipboardData)) take(clipboardData)
      },
      { signal },
    )
    return () => listening.abort()
  }, [enabled])
  return dragging
}
