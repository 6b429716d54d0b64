import { useId } from 'react'
import type { Sort } from '../../../address/question.ts'
import { useStrings } from '../../../strings/strings.ts'
import { isTags } from '../../library/facets.ts'
import './arranging.css'

/** Under which filters and orders know when a picture came. */
const came = 'lookalike.indexed_at'

interface ArrangingProps {
  sort: Sort | null
  group: string
  /** Of metadata, that results may be put in order and in groups by. */
  keys: readonly string[]
  onSort: (sort: Sort | null) => void
  onGroup: (key: string) => void
}

/** In which order results lie, and which of them together. */
export function Arranging({ sort, group, keys, onSort, onGroup }: ArrangingProps) {
  const t = useStrings()
  const id = useId()
  const nameOf = (key: string) => (isTags(key) ? t.library.shows : key)
  const chosen = [sort?.key ?? '', group].filter((key) => key !== '' && key !== came)
  const offered = [...new Set([...keys, ...chosen])]
  return (
    <div className="arranging">
      <label htmlFor={`${id}-sort`}>{t.ask.sort}</label>
      <select
        id={`${id}-sort`}
        className="field"
        value={sort ? valueOf(sort) : ''}
        onChange={({ currentTarget }) => onSort(sortOf(currentTarget.value))}
      >
        <option value="">{t.ask.byLikeness}</option>
        <option value={`desc ${came}`}>{t.library.newest}</option>
        <option value={`asc ${came}`}>{t.library.oldest}</option>
        {offered
          .filter((key) => !isTags(key))
          .map((key) => (
            <optgroup key={key} label={key}>
              <option value={`asc ${key}`}>{t.ask.ascending(key)}</option>
              <option value={`desc ${key}`}>{t.ask.descending(key)}</option>
            </optgroup>
          ))}
      </select>
      <label htmlFor={`${id}-group`}>{t.ask.group}</label>
      <select
        id={`${id}-group`}
        className="field"
        value={group}
        onChange={({ currentTarget }) => onGroup(currentTarget.value)}
      >
        <option value="">{t.ask.noGroups}</option>
        {offered.map((key) => (
          <option key={key} value={key}>
            {nameOf(key)}
          </option>
        ))}
      </select>
    </div>
  )
}

function valueOf({ key, order }: Sort): string {
  return `${order} ${key}`
}

function sortOf(value: string): Sort | null {
  const [, order, key] = /^(asc|desc) (.+)$/s.exec(value) ?? []
  return order && key ? { key, order: order as Sort['order'] } : null
}
