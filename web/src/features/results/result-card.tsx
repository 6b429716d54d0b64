import { memo } from 'react'
import type { SearchResult } from '@lookalike/sdk'
import { nameOf } from '../../components/name-of.ts'
import { Icon } from '../../components/icon.tsx'
import { Changes } from '../../components/changes.tsx'
import { PictureOf } from '../../components/picture.tsx'
import { useStrings } from '../../strings/strings.ts'
import { Thumbs } from '../feedback/thumbs.tsx'
import { PictureActions, type AskOn } from './picture-actions.tsx'
import { Tags } from './tags.tsx'
import './result-card.css'

interface ResultCardProps {
  result: SearchResult
  position: number
  /** Of the picture, in CSS pixels; absent until the wall has been measured. */
  width: number | undefined
  height: number | undefined
  /** How many more of the results are the same picture. */
  copies: number
  unfolded: boolean
  onCopies: (id: string) => void
  askOn: AskOn
  /** The address under which it is looked at by itself. */
  href: string
  onOpen: (id: string) => void
}

/** One of perhaps a thousand: drawn again only where something of it has changed. */
export const ResultCard = memo(function ResultCard(props: ResultCardProps) {
  const { result, position, width, height, askOn } = props
  const t = useStrings().results
  const name = nameOf(result.image_uri)
  return (
    <li
      className="card"
      style={{
        '--position': Math.min(position, 12),
        ...(width && { '--width': `${width}px`, '--height': `${height}px` }),
      }}
    >
      <a
        className="card__mat"
        href={props.href}
        data-picture={result.id}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return
          event.preventDefault()
          props.onOpen(result.id)
        }}
      >
        <PictureOf record={result} alt={result.description || name} across={width ?? 0} />
        <span className="visually-hidden">{t.open(name)}</span>
      </a>
      <Thumbs id={result.id} name={name} />
      <Likeness result={result} />
      <h3 className="card__name" title={name}>
        {name}
      </h3>
      <p className="card__uri" title={result.image_uri}>
        {result.image_uri}
      </p>
      <Tags metadata={result.metadata} />
      {props.copies > 0 && (
        <button
          type="button"
          className="chip card__copies"
          aria-expanded={props.unfolded}
          onClick={() => props.onCopies(result.id)}
        >
          <Icon name="copies" />
          {props.unfolded ? t.foldCopies : t.copies(props.copies)}
        </button>
      )}
      <PictureActions result={result} askOn={askOn} />
    </li>
  )
})

/** How alike it is: in a word where the library is large enough to say, and as the cosine similarity. */
function Likeness({ result }: Pick<ResultCardProps, 'result'>) {
  const { score, match, found_by, change, changes } = result
  const { results: t, format } = useStrings()
  const isNamed = found_by === 'words'
  return (
    <p className="score">
      {!isNamed && (
        <span className="score__bar" style={{ '--score': Math.max(0, Math.min(1, score)) }} />
      )}
      <span className="score__word">
        {isNamed ? t.named : match ? t.match[match] : format.percent(score)}
      </span>
      <span className="visually-hidden">{t.similarScore}</span>
      <span className="score__exact" title={t.cosine}>
        {format.score(score)}
      </span>
      {change !== null && (
        <span className="score__change">
          <Changes change={change} changes={changes} />
        </span>
      )}
    </p>
  )
}
