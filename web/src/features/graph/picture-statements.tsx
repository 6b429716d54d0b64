import { useCallback, useEffect, useState } from 'react'
import type { Client, StatementList } from '@lookalike/sdk'
import { explain } from '../../components/failure.tsx'
import { useStrings } from '../../strings/strings.ts'
import { AddStatement } from './add-statement.tsx'
import { useGraphClient } from './graph-client.ts'
import { isWebAddress, shortName } from './short-name.ts'
import './graph.css'

type Statement = StatementList['statements'][number]

// Of what the library says, the rest stands in the details above or is of interest to programs.
const shownAtOnce = new Set(['encodingFormat', 'dateCreated'])

/** What the graph knows of a picture, and a way to add to it. Nothing where no graph is kept. */
export function PictureStatements({ id }: { id: string }) {
  const client = useGraphClient()
  return client && <Statements key={id} client={client} id={id} />
}

function Statements({ client, id }: { client: Client; id: string }) {
  const { frame, graph: t } = useStrings()
  const [statements, setStatements] = useState<Statement[] | null>(null)
  const [trouble, setTrouble] = useState('')
  const [asked, setAsked] = useState(0)

  useEffect(() => {
    const leaving = new AbortController()
    client.statements(id, { signal: leaving.signal }).then(
      ({ statements }) => setStatements(statements),
      (error: unknown) => {
        if (!leaving.signal.aborted) setTrouble(explain(error, frame).detail)
      },
    )
    return () => leaving.abort()
  }, [client, id, asked, frame])

  const reload = useCallback(() => setAsked((times) => times + 1), [])
  const [all, setAll] = useState(false)
  const said = statements?.filter(
    ({ predicate, graph }) => all || graph === 'people' || shownAtOnce.has(shortName(predicate)),
  )
  return (
    <section className="knowledge" aria-label={t.known}>
      <h4 className="eyebrow">{t.known}</h4>
      {trouble && <p role="alert">{trouble}</p>}
      {said && (
        <dl className="knowledge__list">
          {said.toReversed().map((one) => (
            <StatementLine key={`${one.direction} ${one.predicate} ${one.value.value}`} {...one} />
          ))}
        </dl>
      )}
      {statements && !all && (
        <button type="button" className="link knowledge__all" onClick={() => setAll(true)}>
          {t.all(statements.length)}
        </button>
      )}
      <AddStatement client={client} id={id} onAdded={reload} />
    </section>
  )
}

function StatementLine({ predicate, direction, value, label, graph }: Statement) {
  const t = useStrings().graph
  return (
    <div className={graph === 'people' ? 'is-peoples' : undefined}>
      <dt title={predicate}>
        {direction === 'incoming' && <span aria-label={t.of}>↩ </span>}
        {shortName(predicate)}
      </dt>
      <dd title={value.value}>
        <Value value={value} label={label} />
      </dd>
    </div>
  )
}

function Value({ value, label }: { value: Statement['value']; label: string | null }) {
  if (value.type === 'literal') return value.value
  const text = label ?? shortName(value.value)
  if (!isWebAddress(value.value)) return text
  return (
    <a href={value.value} target="_blank" rel="noreferrer">
      {text}
    </a>
  )
}
