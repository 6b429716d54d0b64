import { Icon } from '../../components/icon.tsx'
import { useStrings } from '../../strings/strings.ts'

interface TurnProps {
  previous: (() => void) | null
  next: (() => void) | null
}

/** To the picture before and after; what leads nowhere stays, or the focus would be lost at the end. */
export function Turn({ previous, next }: TurnProps) {
  const t = useStrings().lightbox
  const each = [
    { name: t.previous, icon: 'previous', run: previous },
    { name: t.next, icon: 'next', run: next },
  ] as const
  return each.map(({ name, icon, run }) => (
    <button
      key={icon}
      type="button"
      className={`turn turn--${icon}`}
      aria-label={name}
      title={name}
      aria-disabled={run === null}
      onClick={() => run?.()}
    >
      <Icon name={icon} />
    </button>
  ))
}
