import type { Info, SearchResult } from '@lookalike/sdk'
import { Description } from './description.tsx'
import { ResultCard } from './result-card.tsx'
import type { Found } from './use-search.ts'
import { shownResults } from './shown-results.ts'
import './results.css'

interface ResultsProps {
  found: Found
  limit: number
  minimum: number
  describes: Info['embedder']['describes'] | undefined
  /** Results of an earlier search, while a new one runs. */
  stale: boolean
  onMinimum: (minimum: number) => void
  onFindSimilar: (result: SearchResult) => void
}

export function Results(props: ResultsProps) {
  const { found, limit, minimum } = props
  const { shown, belowMinimum } = shownResults(found.response.results, limit, minimum)
  const full = found.response.results.length === found.limit
  return (
    <div className={props.stale ? 'results is-stale' : 'results'} inert={props.stale}>
      <Description response={found.response} describes={props.describes} />
      {shown.length > 0 && (
        <ul className="results__grid" role="list" aria-label="Similar images">
          {shown.map((result, index) => (
            <ResultCard
              key={result.id}
              result={result}
              position={index}
              onFindSimilar={() => props.onFindSimilar(result)}
            />
          ))}
        </ul>
      )}
      {found.response.results.length === 0 && <NothingAlike />}
      {belowMinimum.length > 0 && (
        <BelowMinimum
          none={shown.length === 0}
          hidden={belowMinimum}
          minimum={minimum}
          onMinimum={props.onMinimum}
        />
      )}
      {full && limit > found.limit && (
        <p className="results__note">Press Search again to look for up to {limit}.</p>
      )}
    </div>
  )
}

function NothingAlike() {
  return (
    <div className="results__empty">
      <h3>Nothing to compare with</h3>
      <p>The library holds no other picture yet. Add some, and search again.</p>
    </div>
  )
}

interface BelowMinimumProps {
  none: boolean
  hidden: SearchResult[]
  minimum: number
  onMinimum: (minimum: number) => void
}

function BelowMinimum({ none, hidden, minimum, onMinimum }: BelowMinimumProps) {
  const closest = hidden[0]!.score
  const reachable = Math.max(0, Math.floor(closest * 100) / 100)
  if (!none) {
    return (
      <p className="results__note">
        {hidden.length} more below {minimum.toFixed(2)}.{' '}
        <button type="button" className="link" onClick={() => onMinimum(0)}>
          Show all
        </button>
      </p>
    )
  }
  return (
    <div className="results__empty">
      <h3>Nothing this much alike</h3>
      <p>
        The closest picture scores {closest.toFixed(2)}, and the minimum is {minimum.toFixed(2)}.
      </p>
      <button type="button" className="button" onClick={() => onMinimum(reachable)}>
        Lower it to {reachable.toFixed(2)}
      </button>
    </div>
  )
}
