import { useId, useState } from 'react'
import type { GraphTable } from '@lookalike/sdk'
import { explain } from '../../components/failure.tsx'
import { useStrings } from '../../strings/strings.ts'
import { examples } from './examples.ts'
import { useGraphClient } from './graph-client.ts'
import { QueryTable } from './query-table.tsx'
import './graph.css'

interface Answer {
  table: GraphTable
  /** Ids of the values that are pictures of the library, by URI. */
  pictures: Map<string, string>
}

/** Asks the graph in SPARQL and shows what it answers, pictures as thumbnails. */
export function QueryPanel() {
  const client = useGraphClient()
  const { frame, graph: t } = useStrings()
  const fieldId = useId()
  const [query, setQuery] = useState(examples[0]!.query)
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [status, setStatus] = useState('')
  if (!client) return null

  async function run(text: string) {
    if (!client) return
    setStatus(t.asking)
    try {
      const table = await client.ask(text)
      setAnswer({ table, pictures: await client.imageIds(urisOf(table)) })
      setStatus(table.results ? t.rows(table.results.bindings.length) : '')
    } catch (error) {
      setAnswer(null)
      setStatus(explain(error, frame).detail)
    }
  }

  return (
    <div className="query-panel">
      <div className="query-panel__examples">
        {examples.map(({ title, query }) => (
          <button
            key={title}
            type="button"
            className="button button--quiet"
            onClick={() => {
              setQuery(query)
              void run(query)
            }}
          >
            {t.examples[title]}
          </button>
        ))}
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void run(query)
        }}
      >
        <label className="eyebrow" htmlFor={fieldId}>
          {t.query}
        </label>
        <textarea
          id={fieldId}
          rows={6}
          spellCheck={false}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
        <button type="submit" className="button button--primary">
          {t.ask}
        </button>
      </form>
      <p className="query-panel__status" role="status">
        {status}
      </p>
      {answer && <QueryTable {...answer} />}
    </div>
  )
}

/** The pictures of a long table are asked for once, the first few hundred of them. */
const maxPictures = 300

function urisOf({ results }: GraphTable): string[] {
  const terms = (results?.bindings ?? []).flatMap((row) => Object.values(row))
  const uris = terms.flatMap((term) => (term?.type === 'uri' ? [term.value] : []))
  return [...new Set(uris)].slice(0, maxPictures)
}
