import { useId, useState } from 'react'
import type { SearchResult } from '@lookalike/sdk'
import { nameOf } from '../../components/format.ts'
import { Icon } from '../../components/icon.tsx'
import { Picture } from '../../components/picture.tsx'
import { PictureStatements } from '../graph/picture-statements.tsx'
import { ResultDetails, Tags } from './result-details.tsx'
import './result-card.css'

interface ResultCardProps {
  result: SearchResult
  position: number
  onFindSimilar: () => void
}

export function ResultCard({ result, position, onFindSimilar }: ResultCardProps) {
  const [open, setOpen] = useState(false)
  const detailsId = useId()
  const name = nameOf(result.image_uri)
  const picture = <Picture src={result.thumbnail_url} alt={result.description || name} />
  return (
    <li className="card" style={{ '--position': Math.min(position, 12) }}>
      {result.image_url ? (
        <a className="card__mat" href={result.image_url} target="_blank" rel="noreferrer">
          {picture}
          <span className="visually-hidden">Open {name} in full</span>
        </a>
      ) : (
        <div className="card__mat">{picture}</div>
      )}
      <Score score={result.score} />
      <h3 className="card__name" title={name}>
        {name}
      </h3>
      <p className="card__uri" title={result.image_uri}>
        {result.image_uri}
      </p>
      <Tags metadata={result.metadata} />
      <div className="card__actions">
        <button type="button" className="button button--quiet" onClick={onFindSimilar}>
          <Icon name="similar" />
          Find similar
          <span className="visually-hidden"> to {name}</span>
        </button>
        <button
          type="button"
          className="button button--quiet card__more"
          aria-expanded={open}
          aria-controls={detailsId}
          onClick={() => setOpen(!open)}
        >
          {open ? 'Less' : 'Details'}
          <span className="visually-hidden"> of {name}</span>
        </button>
      </div>
      <ResultDetails id={detailsId} hidden={!open} result={result} />
      {open && <PictureStatements id={result.id} />}
    </li>
  )
}

/** Cosine similarity as a bar, a percentage, and the number itself. */
function Score({ score }: { score: number }) {
  return (
    <p className="score">
      <span className="score__bar" style={{ '--score': Math.max(0, Math.min(1, score)) }} />
      <span className="score__percent">{percent(score)}%</span>
      <span className="visually-hidden"> similar, score </span>
      <span className="score__exact" title="Cosine similarity">
        {score.toFixed(4)}
      </span>
    </p>
  )
}

// A close copy is not the same picture: 100% is kept for scores that round to it at three digits.
function percent(score: number): number {
  return score >= 0.9995 ? 100 : Math.min(99, Math.round(score * 100))
}
