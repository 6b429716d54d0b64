import type { Info, SearchResult } from '@lookalike/sdk'
import { useWidth } from '../../components/rows/use-width.ts'
import { useStrings } from '../../strings/strings.ts'
import type { Settings } from '../ask/narrowing/settings.ts'
import type { Found } from '../ask/search/use-search.ts'
import type { Chip } from '../library/facets.ts'
import { Description } from './description.tsx'
import { GroupHeading } from './group-heading.tsx'
import type { AskOn } from './picture-actions.tsx'
import { Rows } from './rows.tsx'
import { Share } from './share.tsx'
import { ShowMore } from './show-more.tsx'
import { inOrder, type Arrangement, type Section } from './shown-results.ts'
import './results.css'

interface ResultsProps {
  found: Found
  arrangement: Arrangement
  settings: Settings
  /** Absent until the server has said what it runs. */
  embedder: Info['embedder'] | undefined
  /** Results of an earlier search, while a new one runs. */
  stale: boolean
  onSettings: (settings: Settings) => void
  /** More could not be loaded. */
  onRetryMore: () => void
  askOn: AskOn
  onSearchText: (text: string) => void
  /** Only pictures that have this in common. */
  onOnly: (chip: Chip) => void
}

export function Results(props: ResultsProps) {
  const t = useStrings().results
  const { found, settings, arrangement } = props
  const { alike, others, counts, belowMinimum } = arrangement
  const [wall, width] = useWidth<HTMLDivElement>()
  const none = counts.alike + counts.others === 0
  const sections = (list: readonly Section[], label: string) =>
    list.map(({ value, stacks }) => {
      const rows = (label: string) => (
        <Rows stacks={stacks} label={label} width={width} askOn={props.askOn} />
      )
      if (value === undefined) return <div key="all">{rows(label)}</div>
      return (
        <GroupHeading
          key={String(value)}
          name={found.question.group}
          value={value}
          onOnly={props.onOnly}
        >
          {rows}
        </GroupHeading>
      )
    })
  return (
    <div className={props.stale ? 'results is-stale' : 'results'} inert={props.stale} ref={wall}>
      <h2 className="visually-hidden">{t.title}</h2>
      <Description
        key={found.response.query_image}
        found={found}
        describes={props.embedder?.describes}
        {...(props.embedder?.text === 'any' ? { onSearch: props.onSearchText } : {})}
      />
      {sections(alike, t.similarImages)}
      {others.length > 0 && (
        <section className="results__others">
          <h3 className="eyebrow">{alike.length > 0 ? t.others : t.nearest}</h3>
          {sections(others, alike.length > 0 ? t.others : t.similarImages)}
        </section>
      )}
      {found.response.results.length === 0 && <NothingAlike />}
      {belowMinimum.length > 0 && (
        <BelowMinimum
          none={none}
          hidden={belowMinimum}
          minimum={settings.minimum}
          onMinimum={(minimum) => props.onSettings({ ...settings, minimum })}
        />
      )}
      {belowMinimum.length === 0 && (
        <ShowMore
          found={found}
          settings={settings}
          onSettings={props.onSettings}
          onRetry={props.onRetryMore}
        />
      )}
      {!none && <Share results={inOrder(arrangement)} />}
    </div>
  )
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
