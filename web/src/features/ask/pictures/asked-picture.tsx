import { Icon } from '../../../components/icon.tsx'
import { useStrings } from '../../../strings/strings.ts'
import { AddToQuestion } from './file-input.tsx'
import { QueryPreview } from './query-preview.tsx'
import type { PictureQuery } from '../query.ts'
import './asked-picture.css'

interface AskedPictureProps {
  /** Null while nobody knows what it is. */
  query: PictureQuery | null
  /** Absent where the picture cannot be cut: it lies on another server, or is none the browser can show. */
  onCrop?: (() => void) | undefined
  /** Absent where there is nothing to add to. */
  onAdd?: ((files: File[]) => void) | undefined
  onClear: () => void
}

/** The picture that is asked about, and what can be done with it. */
export function AskedPicture({ query, onCrop, onAdd, onClear }: AskedPictureProps) {
  const t = useStrings().ask
  return (
    <div className="asked-picture">
      {query ? <QueryPreview query={query} /> : <div className="preview preview--unknown" />}
      <div className="asked-picture__actions">
        {onCrop && (
          <button type="button" className="button button--small" onClick={onCrop}>
            <Icon name="crop" />
            <span>{t.part}</span>
          </button>
        )}
        {onAdd && <AddToQuestion onFiles={onAdd} />}
        <button
          type="button"
          className="button button--icon asked-picture__clear"
          aria-label={t.remove}
          title={t.remove}
          onClick={() => {
            document.querySelector<HTMLElement>('.ask-bar__words')?.focus()
            onClear()
          }}
        >
          <Icon name="close" />
        </button>
      </div>
    </div>
  )
}
