import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import type { Info } from '@lookalike/sdk'
import { keyOf } from '../../address/parts.ts'
import { useStrings, type Strings } from '../../strings/strings.ts'
import { stageOrder } from '../ask/search/stages.ts'
import { nameOfQuery } from '../ask/query.ts'
import type { Found } from '../ask/search/use-search.ts'

const DescriptionEditor = lazy(() => import('./description-editor.tsx'))

interface DescriptionProps {
  found: Found
  describes: Info['embedder']['describes'] | undefined
  /** Present where words can be searched with, so that a person can correct them. */
  onSearch?: (text: string) => void
}

/** What the embedder made of the picture, and discreetly what that cost in time. */
export function Description({ found, describes, onSearch }: DescriptionProps) {
  const t = useStrings().results
  const [editing, setEditing] = useState(false)
  const editButton = useRef<HTMLButtonElement>(null)
  const cancelled = useRef(false)
  const { query_image } = found.response
  const [only, ...more] = found.queries
  // Words that stand in the line of the question already are said again only to be corrected.
  const isSaid = more.length > 0 || (only?.kind === 'text' && !onSearch)
  const description = isSaid ? '' : query_image

  // The editor takes the focus along when it goes; it comes back to the button that is there again.
  useEffect(() => {
    if (!editing && cancelled.current) editButton.current?.focus()
    cancelled.current = false
  }, [editing])

  return (
    <div className="description">
      {description && <h3 className="eyebrow">{titleOf(found, describes, t)}</h3>}
      {description && !editing && <p className="description__text">{description}</p>}
      {description && onSearch && !editing && (
        <button
          type="button"
          ref={editButton}
          className="button button--quiet"
          onClick={() => setEditing(true)}
        >
          {t.editDescription}
        </button>
      )}
      {onSearch && editing && (
        <Suspense>
          <DescriptionEditor
            description={description}
            onSearch={onSearch}
            onCancel={() => {
              cancelled.current = true
              setEditing(false)
            }}
          />
        </Suspense>
      )}
      {found.parts && (
        <details className="description__parts">
          <summary>{titleOf(found, describes, t)}</summary>
          <dl>
            {found.parts.map(({ description }, at) => (
              <div key={keyOf(found.question.parts[at]!)}>
                <dt>{nameOfQuery(found.queries[at]!)}</dt>
                <dd>{description}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
      <Timings found={found} />
    </div>
  )
}

function titleOf(
  { queries }: Found,
  describes: DescriptionProps['describes'],
  t: Strings['results'],
): string {
  if (queries.length === 1 && queries[0]?.kind === 'text') return t.yourDescription
  return describes === 'visual' ? t.measured : t.seen
}

function Timings({ found: { response, queries } }: { found: Found }) {
  const { ask, format, results: t } = useStrings()
  const { timings_ms, cached, usage } = response
  const hasCome = queries.some(({ kind }) => kind === 'file' || kind === 'link')
  const parts = stageOrder.flatMap((stage) => {
    const ms = timings_ms[stage]
    return ms === undefined || (stage === 'receive' && !hasCome)
      ? []
      : [`${ask.stages[stage]} ${format.duration(ms)}`]
  })
  return (
    <p className="description__timings">
      <span>{t.foundIn(format.duration(timings_ms.total))}</span>
      {cached && <span>{t.remembered}</span>}
      {usage.estimated_usd !== null && usage.estimated_usd > 0 && (
        <span>{t.cost(format.score(usage.estimated_usd))}</span>
      )}
      {parts.length > 1 && <span>{parts.join(' · ')}</span>}
    </p>
  )
}
