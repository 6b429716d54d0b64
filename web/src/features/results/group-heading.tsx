import type { ReactNode } from 'react'
import { useStrings } from '../../strings/strings.ts'
import { isTags, type Chip } from '../library/facets.ts'

interface GroupHeadingProps {
  /** Of the key of metadata that these have a value of in common. */
  name: string
  /** As JSON; null: they have none. */
  value: string | null
  onOnly: (chip: Chip) => void
  /** What is below the heading, called as that. */
  children: (label: string) => ReactNode
}

/** Results that have a value in common, and the way to all pictures that have it. */
export function GroupHeading({ name, value, onOnly, children }: GroupHeadingProps) {
  const { results: t, library } = useStrings()
  const key = isTags(name) ? library.shows : name
  const parsed: unknown = value === null ? null : JSON.parse(value)
  const chip = ['string', 'number', 'boolean'].includes(typeof parsed)
    ? { key: name, value: parsed as Chip['value'] }
    : null
  const said = chip ? String(chip.value) : (value ?? t.without(key))
  return (
    <section className="results__group">
      <div className="results__heading">
        <h3>
          {value !== null && <span className="results__key">{key} </span>}
          {said}
        </h3>
        {chip && (
          <button type="button" className="button button--quiet" onClick={() => onOnly(chip)}>
            {t.onlyThese}
            <span className="visually-hidden"> {said}</span>
          </button>
        )}
      </div>
      {children(said)}
    </section>
  )
}
