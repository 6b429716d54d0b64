import { Icon } from '../../components/icon.tsx'
import { useStrings } from '../../strings/strings.ts'
import { QueryPreview } from './query-preview.tsx'
import type { PictureQuery } from './query.ts'
import './asked-picture.css'

interface AskedPictureProps {
  query: PictureQuery
  /** Absent where the picture cannot be cut: it is no file of this window, or none the browser can show. */
  onCrop?: (() => void) | undefined
  onClear: () => void
}

/** The picture that is asked about, and what can be done with it. */
export function AskedPicture({ query, onCrop, onClear }: AskedPictureProps) {
  const t = useStrings().ask
  return (
    <div className="asked-picture">
      <QueryPreview query={query} />
      <div className="asked-picture__actions">
        {onCrop && (
          <button type="button" className="button button--small" onClick={onCrop}>
            <Icon name="crop" />
            <span>{t.part}</span>
          </button>
        )}
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
