import type { GraphTable } from '@lookalike/sdk'
import { nameOf } from '../../components/name-of.ts'
import { Picture } from '../../components/picture.tsx'
import { useStrings } from '../../strings/strings.ts'
import { shortName } from './short-name.ts'

interface QueryTableProps {
  table: GraphTable
  pictures: Map<string, string>
}

/** Rows past this many are counted, not drawn. */
const maxRows = 200

export function QueryTable({ table, pictures }: QueryTableProps) {
  const t = useStrings().graph
  if (table.boolean !== undefined) return <p>{table.boolean ? t.yes : t.no}</p>
  const columns = table.head.vars ?? []
  const rows = table.results?.bindings ?? []
  return (
    <div className="query-table" role="region" aria-label={t.answer} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, maxRows).map((row, index) => (
            <tr key={index}>
              {columns.map((column) => (
                <td key={column}>
                  <Cell term={row[column]} pictures={pictures} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {rows.length > maxRows && <p>{t.firstRows(maxRows)}</p>}
    </div>
  )
}

interface CellProps {
  term: { type: string; value: string } | undefined
  pictures: Map<string, string>
}

function Cell({ term, pictures }: CellProps) {
  if (!term) return null
  const id = pictures.get(term.value)
  if (id === undefined) {
    return (
      <span title={term.value}>{term.type === 'uri' ? shortName(term.value) : term.value}</span>
    )
  }
  const name = nameOf(term.value)
  return (
    <a
      className="query-table__picture"
      href={`api/images/${id}/file`}
      target="_blank"
      rel="noreferrer"
    >
      <Picture src={`api/images/${id}/thumbnail`} alt="" />
      <span title={term.value}>{name}</span>
    </a>
  )
}
