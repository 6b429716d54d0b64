import { useId, useState } from 'react'
import type { SearchResult } from '@lookalike/sdk'
import { nameOf } from '../../components/name-of.ts'
import { Icon } from '../../components/icon.tsx'
import { PictureOf } from '../../components/picture.tsx'
import { PictureStatements } from '../graph/picture-statements.tsx'
import { useStrings } from '../../strings/strings.ts'
import { ResultDetails, Tags } from './result-details.tsx'
import './result-card.css'

interface ResultCardProps {
  result: SearchResult
  position: number
  /** Of the picture, in CSS pixels; absent until the wall has been measured. */
  cell: { width: number; height: number } | undefined
  /** How many more of the results are the same picture. */
  copies: number
  unfolded: boolean
  onCopies: () => void
  onFindSimilar: () => void
}

export function ResultCard({ result, position, cell, onFindSimilar, ...props }: ResultCardProps) {
  const t = useStrings().results
  const [open, setOpen] = useState(false)
  const detailsId = useId()
  const name = nameOf(result.image_uri)
  const picture = (
    <PictureOf record={result} alt={result.description || name} across={cell?.width ?? 0} />
  )
  return (
    <li
      className="card"
      style={{
        '--position': Math.min(position, 12),
        ...(cell && { '--width': `${cell.width}px`, '--height': `${cell.height}px` }),
      }}
    >
      {result.image_url ? (
        <a className="card__mat" href={result.image_url} target="_blank" rel="noreferrer">
          {picture}
          <span className="visually-hidden">{t.open(name)}</span>
        </a>
      ) : (
        <div className="card__mat">{picture}</div>
      )}
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
          onClick={props.onCopies}
        >
          <Icon name="copies" />
          {props.unfolded ? t.foldCopies : t.copies(props.copies)}
        </button>
      )}
      <div className="card__actions">
        <button type="button" className="button button--quiet" onClick={onFindSimilar}>
          <Icon name="similar" />
          {t.findSimilar}
          <span className="visually-hidden">{t.similarTo(name)}</span>
        </button>
        <button
          type="button"
          className="button button--quiet card__more"
          aria-expanded={open}
          aria-controls={detailsId}
          onClick={() => setOpen(!open)}
        >
          {open ? t.less : t.details}
          <span className="visually-hidden">{t.of(name)}</span>
        </button>
      </div>
      <ResultDetails id={detailsId} hidden={!open} result={result} />
      {open && <PictureStatements id={result.id} />}
    </li>
  )
}

/** How alike it is: in a word where the library is large enough to say, and as the cosine similarity. */
function Likeness({ result: { score, match, change } }: Pick<ResultCardProps, 'result'>) {
  const { results: t, format } = useStrings()
  return (
    <p className="score">
      <span className="score__bar" style={{ '--score': Math.max(0, Math.min(1, score)) }} />
      <span className="score__word">{match ? t.match[match] : format.percent(score)}</span>
      <span className="visually-hidden">{t.similarScore}</span>
      <span className="score__exact" title={t.cosine}>
        {format.score(score)}
      </span>
      {change && <span className="score__change">{change}</span>}
    </p>
  )
}
