import type { Info, SearchResult } from '@lookalike/sdk'
import { Description } from './description.tsx'
import { ResultCard } from './result-card.tsx'
import type { Settings } from './settings.ts'
import type { Found } from './use-search.ts'
import { shownResults } from './shown-results.ts'
import './results.css'

interface ResultsProps {
  found: Found
  settings: Settings
  /** Absent until the server has said what it runs. */
  embedder: Info['embedder'] | undefined
  /** Results of an earlier search, while a new one runs. */
  stale: boolean
  onSettings: (settings: Settings) => void
  onFindSimilar: (result: SearchResult) => void
  onSearchText: (text: string) => void
}

export function Results(props: ResultsProps) {
  const { found, settings } = props
  const { shown, belowMinimum } = shownResults(found.response.results, settings)
  const full = found.response.results.length === found.limit
  return (
    <div className={props.stale ? 'results is-stale' : 'results'} inert={props.stale}>
      <h2 className="visually-hidden">Results</h2>
      <Description
        key={found.response.query_image}
        found={found}
        describes={props.embedder?.describes}
        {...(props.embedder?.text === 'any' ? { onSearch: props.onSearchText } : {})}
      />
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
          minimum={settings.minimum}
          onMinimum={(minimum) => props.onSettings({ ...settings, minimum })}
        />
      )}
      {full && settings.limit > found.limit && (
        <p className="results__note">Press Search again to look for up to {settings.limit}.</p>
      )}
    </div>
  )
}

function NothingAlike() {
  return (
    <div className="results__empty">
      <p>The library holds no other picture to compare with. Add some, and search again.</p>
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
      <p>
        The closest picture scores {closest.toFixed(4)}; the minimum is {minimum.toFixed(2)}.
      </p>
      <button type="button" className="button" onClick={() => onMinimum(reachable)}>
        Lower it to {reachable.toFixed(2)}
      </button>
    </div>
  )
}
