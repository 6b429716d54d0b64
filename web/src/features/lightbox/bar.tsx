import { Icon, type IconName } from '../../components/icon.tsx'
import { useStrings } from '../../strings/strings.ts'
import type { Against } from './looked.ts'
import type { Arrangement } from './stage.tsx'

interface BarProps {
  name: string
  /** Which one of how many; empty where nobody knows. */
  position: string
  /** Null where there is nothing to compare with. */
  arrangement: Arrangement | null
  against: Against
  onArrange: (arrangement: Arrangement) => void
  details: boolean
  onDetails: () => void
  zoom: { closer: () => void; farther: () => void; zoom: { scale: number } }
  onClose: () => void
}

/** Over the picture: which one it is, and how it is looked at. */
export function Bar(props: BarProps) {
  const { name, position, arrangement, against, onArrange, details, onDetails, zoom, onClose } =
    props
  const t = useStrings().lightbox
  return (
    <header className="lightbox__bar">
      <Tool name={t.close} icon="close" onClick={onClose} />
      <p className="lightbox__name" role="status" aria-label={t.shown}>
        <span className="lightbox__title">{name}</span>
        {position && <span className="lightbox__position">{position}</span>}
      </p>
      <div className="lightbox__zoom">
        <Tool name={t.farther} icon="farther" onClick={zoom.farther} />
        <Tool name={t.closer} icon="closer" onClick={zoom.closer} />
      </div>
      {arrangement !== null && (
        <>
          <Tool
            name={t.against[against].beside}
            icon="beside"
            pressed={arrangement === 'beside'}
            onClick={() => onArrange('beside')}
          />
          <Tool
            name={t.against[against].over}
            icon="compare"
            pressed={arrangement === 'over'}
            onClick={() => onArrange('over')}
          />
        </>
      )}
      <Tool name={t.details} icon="details" pressed={details} onClick={onDetails} />
    </header>
  )
}

interface ToolProps {
  name: string
  icon: IconName
  pressed?: boolean
  onClick: () => void
}

function Tool({ name, icon, pressed, onClick }: ToolProps) {
  return (
    <button
      type="button"
      className="button button--icon"
      aria-label={name}
      title={name}
      aria-pressed={pressed}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  )
}
