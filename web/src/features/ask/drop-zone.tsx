import { useRef } from 'react'
import { Icon } from '../../components/icon.tsx'
import { useStrings } from '../../strings/strings.ts'
import { QueryPreview } from './query-preview.tsx'
import type { PictureQuery } from './query.ts'
import './drop-zone.css'

interface DropZoneProps {
  query: PictureQuery | null
  onFiles: (files: File[]) => void
  onClear: () => void
}

/** The frame that a picture is put into: picked here, dropped anywhere on the page, or pasted. */
export function DropZone({ query, onFiles, onClear }: DropZoneProps) {
  const t = useStrings().ask
  const input = useRef<HTMLInputElement>(null)
  return (
    <div className={query ? 'frame frame--filled' : 'frame'}>
      {query ? <QueryPreview query={query} /> : <Invitation />}
      <input
        ref={input}
        className="frame__input"
        type="file"
        accept="image/*,.heic,.heif,.jxl,.cr2,.cr3,.nef,.arw,.dng,.raf,.orf,.rw2,.pef,.srw"
        aria-label={t.imageFile}
        title=""
        // Emptied first, so that picking the same file again is a change again.
        onClick={({ currentTarget }) => {
          currentTarget.value = ''
        }}
        onChange={({ currentTarget: { files } }) => {
          if (files?.length) onFiles([...files])
        }}
      />
      {query && (
        <button
          type="button"
          className="button button--icon frame__clear"
          aria-label={t.remove}
          title={t.remove}
          onClick={() => {
            input.current?.focus()
            onClear()
          }}
        >
          <Icon name="close" />
        </button>
      )}
    </div>
  )
}

function Invitation() {
  const t = useStrings().ask
  return (
    <p className="frame__invitation">
      <Icon name="picture" />
      <span className="frame__lead">
        <span className="by-mouse">{t.drop}</span>
        <span className="by-touch">{t.take}</span>
      </span>
      <span>
        <span className="by-mouse">{t.paste}</span>
        {t.or}
        <span className="frame__choose">{t.choose}</span>
      </span>
    </p>
  )
}
