import { Icon } from '../../../components/icon.tsx'
import { useStrings } from '../../../strings/strings.ts'
import './drop-here.css'

/** A large target for the first picture; the file input of the ask bar is what it opens. */
export function DropHere({ inputId }: { inputId: string }) {
  const t = useStrings().ask
  return (
    <label className="drop-here" htmlFor={inputId}>
      <Icon name="picture" />
      <span className="drop-here__lead">
        <span className="by-mouse">{t.drop}</span>
        <span className="by-touch">{t.take}</span>
      </span>
      <span className="by-mouse">{t.pasteOrChoose}</span>
    </label>
  )
}
