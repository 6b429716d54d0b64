import type { SearchResult } from '@lookalike/sdk'
import { nameOf } from '../../components/name-of.ts'
import { Icon } from '../../components/icon.tsx'
import { useStrings } from '../../strings/strings.ts'
import './picture-actions.css'

/** What can be asked next, with the id of a picture that was found. */
export interface AskOn {
  /** What is like it, and nothing else. */
  alone: (id: string) => void
  /** The same question with it as a part more. */
  more: (id: string) => void
  /** The same with results less like it. */
  less: (id: string) => void
}

/** What can be done with a picture that was found. */
export function PictureActions({ result, askOn }: { result: SearchResult; askOn: AskOn }) {
  const t = useStrings().results
  const name = nameOf(result.image_uri)
  return (
    <div className="picture-actions">
      <button
        type="button"
        className="button button--quiet"
        title={t.findSimilar}
        onClick={() => askOn.alone(result.id)}
      >
        <Icon name="similar" />
        <span className="picture-actions__verb">{t.findSimilar}</span>
        <span className="visually-hidden">{t.similarTo(name)}</span>
      </button>
      <button
        type="button"
        className="button button--icon"
        aria-label={t.addNamed(name)}
        title={t.add}
        onClick={() => askOn.more(result.id)}
      >
        <Icon name="plus" />
      </button>
      <button
        type="button"
        className="button button--icon"
        aria-label={t.lessNamed(name)}
        title={t.less}
        onClick={() => askOn.less(result.id)}
      >
        <Icon name="minus" />
      </button>
    </div>
  )
}
