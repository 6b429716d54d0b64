import type { Facets } from '@lookalike/sdk'
import { Icon } from '../../components/icon.tsx'
import { useStrings } from '../../strings/strings.ts'
import { isTags, type Chip } from './facets.ts'
import './facet-list.css'

interface FacetListProps {
  facets: readonly Facets[]
  chosen: readonly Chip[]
  onToggle: (chip: Chip) => void
}

/** What pictures can be narrowed to: the values of each key, and how many pictures have them. */
export function FacetList({ facets, chosen, onToggle }: FacetListProps) {
  const t = useStrings().library
  const isChosen = ({ key, value }: Chip) =>
    chosen.some((chip) => chip.key === key && chip.value === value)
  return facets.map(({ key, values }) => (
    <section key={key} aria-label={isTags(key) ? t.shows : key}>
      <h3 className="eyebrow">{isTags(key) ? t.shows : key}</h3>
      <ul className="chips" role="list">
        {values.map(({ value, count }) => (
          <li key={String(value)}>
            <button
              type="button"
              className="chip"
              aria-pressed={isChosen({ key, value })}
              onClick={() => onToggle({ key, value })}
            >
              {String(value)}
              <span className="chip__count">{count}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  ))
}

interface ChosenChipsProps {
  chips: readonly Chip[]
  onToggle: (chip: Chip) => void
}

/** What is narrowed to now; each goes when it is pressed. */
export function ChosenChips({ chips, onToggle }: ChosenChipsProps) {
  const t = useStrings().library
  if (chips.length === 0) return null
  return (
    <ul className="chips" role="list" aria-label={t.narrowedTo}>
      {chips.map((chip) => (
        <li key={`${chip.key}=${chip.value}`}>
          <button type="button" className="chip chip--chosen" onClick={() => onToggle(chip)}>
            {!isTags(chip.key) && <span className="chip__key">{chip.key}</span>}
            {String(chip.value)}
            <Icon name="close" />
            <span className="visually-hidden">{t.dropChip}</span>
          </button>
        </li>
      ))}
    </ul>
  )
}
