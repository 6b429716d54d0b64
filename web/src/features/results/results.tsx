import { useMemo, useState } from 'react'
import type { Info, SearchResult } from '@lookalike/sdk'
import { useStrings } from '../../strings/strings.ts'
import { Description } from './description.tsx'
import { ResultCard } from './result-card.tsx'
import type { Settings } from '../ask/settings.ts'
import type { Found } from '../ask/use-search.ts'
import { packRows } from '../../components/rows/pack.ts'
import { ratioOf, rowGap, rowHeight } from '../../components/rows/row-height.ts'
import { useWidth } from '../../components/rows/use-width.ts'
import { useShow } from '../lightbox/use-show.ts'
import { Share } from './share.tsx'
import { byLikeness, shownResults, stacked, type Stack } from './shown-results.ts'
import './results.css'

interface ResultsProps {
  found: Found
  /** Deleted here: not shown. */
  hidden: ReadonlySet<string>
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
  const { found, hidden, settings } = props
  const { limit, minimum } = settings
  const { shown, belowMinimum } = useMemo(
    () => shownResults(found.response.results, { limit, minimum }, hidden),
    [found, limit, minimum, hidden],
  )
  const [wall, width] = useWidth<HTMLDivElement>()
  const { alike, others } = useMemo(() => byLikeness(shown, found.response), [shown, found])
  const rows = (results: SearchResult[], label: string) => (
    <Rows
      stacks={stacked(results)}
      label={label}
      width={width}
      onFindSimilar={props.onFindSimilar}
    />
  )
  const full = found.response.results.length === found.question.limit && limit < most
  return (
    <div className={props.stale ? 'results is-stale' : 'results'} inert={props.stale} ref={wall}>
      <h2 className="visually-hidden">{t.title}</h2>
      <Description
        key={found.response.query_image}
        found={found}
        describes={props.embedder?.describes}
        {...(props.embedder?.text === 'any' ? { onSearch: props.onSearchText } : {})}
      />
      {alike.length > 0 && rows(alike, t.similarImages)}
      {others.length > 0 && (
        <section className="results__others">
          <h3 className="eyebrow">{alike.length > 0 ? t.others : t.nearest}</h3>
          {rows(others, alike.length > 0 ? t.others : t.similarImages)}
        </section>
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
      {full && belowMinimum.length === 0 && (
        <p className="results__note">
          <button
            type="button"
            className="button"
            onClick={() => props.onSettings({ ...settings, limit: Math.min(most, limit + 20) })}
          >
            {t.more}
          </button>
        </p>
      )}
      {shown.length > 0 && <Share results={shown} />}
    </div>
  )
}

/** The API finds no more at once. */
const most = 100

interface RowsProps {
  stacks: Stack[]
  label: string
  width: number
  onFindSimilar: (result: SearchResult) => void
}

/** Rows of pictures that use the width; copies lie under the best of them until they are asked for. */
function Rows({ stacks, label, width, onFindSimilar }: RowsProps) {
  const { hrefOf, open } = useShow()
  const [opened, setOpened] = useState<readonly string[]>([])
  const shown = stacks.flatMap(({ top, copies }) =>
    opened.includes(top.id) ? [top, ...copies] : [top],
  )
  const copiesOf = new Map(stacks.map(({ top, copies }) => [top.id, copies.length]))
  const cells = cellsOf(shown, width)
  const toggle = (id: string) =>
    setOpened((opened) =>
      opened.includes(id) ? opened.filter((other) => other !== id) : [...opened, id],
    )
  return (
    <ul className="results__rows" role="list" aria-label={label}>
      {shown.map((result, index) => (
        <ResultCard
          key={result.id}
          result={result}
          position={index}
          cell={cells[index]}
          copies={copiesOf.get(result.id) ?? 0}
          unfolded={opened.includes(result.id)}
          onCopies={() => toggle(result.id)}
          onFindSimilar={() => onFindSimilar(result)}
          href={hrefOf(result.id)}
          onOpen={() => open(result.id)}
        />
      ))}
    </ul>
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
