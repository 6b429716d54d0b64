import { useMemo } from 'react'
import type { Info, SearchResult } from '@lookalike/sdk'
import { useStrings } from '../../strings/strings.ts'
import { Description } from './description.tsx'
import { ResultCard } from './result-card.tsx'
import type { Settings } from '../ask/settings.ts'
import type { Found } from '../ask/use-search.ts'
import { packRows } from '../../components/rows/pack.ts'
import { ratioOf, rowGap, rowHeight } from '../../components/rows/row-height.ts'
import { useWidth } from '../../components/rows/use-width.ts'
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
  const t = useStrings().results
  const { found, settings } = props
  const { limit, minimum } = settings
  const { shown, belowMinimum } = useMemo(
    () => shownResults(found.response.results, { limit, minimum }),
    [found, limit, minimum],
  )
  const [wall, width] = useWidth<HTMLDivElement>()
  const cells = useMemo(() => cellsOf(shown, width), [shown, width])
  const full = found.response.results.length === found.question.limit
  return (
    <div className={props.stale ? 'results is-stale' : 'results'} inert={props.stale} ref={wall}>
      <h2 className="visually-hidden">{t.title}</h2>
      <Description
        key={found.response.query_image}
        found={found}
        describes={props.embedder?.describes}
        {...(props.embedder?.text === 'any' ? { onSearch: props.onSearchText } : {})}
      />
      {shown.length > 0 && (
        <ul className="results__rows" role="list" aria-label={t.similarImages}>
          {shown.map((result, index) => (
            <ResultCard
              key={result.id}
              result={result}
              position={index}
              cell={cells[index]}
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
      {full && settings.limit > found.question.limit && (
        <p className="results__note">{t.again(settings.limit)}</p>
      )}
    </div>
  )
}

/** The captions need some room, however narrow the picture. */
const narrowest = 0.8

/** Width and height of each picture, so that rows of them fill the wall. */
function cellsOf(results: readonly SearchResult[], width: number) {
  if (width === 0) return []
  const ratios = results.map((result) => Math.max(narrowest, ratioOf(result)))
  const rows = packRows(ratios, { width, height: rowHeight(width), gap: rowGap })
  return rows.flatMap(({ widths, height }) => widths.map((width) => ({ width, height })))
}

function NothingAlike() {
  return (
    <div className="results__empty">
      <p>{useStrings().results.nothingAlike}</p>
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
  const { results: t, format } = useStrings()
  const closest = hidden[0]!.score
  const reachable = Math.max(0, Math.floor(closest * 100) / 100)
  if (!none) {
    return (
      <p className="results__note">
        {t.moreBelow(format.number(hidden.length), format.hundredths(minimum))}{' '}
        <button type="button" className="link" onClick={() => onMinimum(0)}>
          {t.showAll}
        </button>
      </p>
    )
  }
  return (
    <div className="results__empty">
      <p>{t.closest(format.score(closest), format.hundredths(minimum))}</p>
      <button type="button" className="button" onClick={() => onMinimum(reachable)}>
        {t.lower(format.hundredths(reachable))}
      </button>
    </div>
  )
}
