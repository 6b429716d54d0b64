import { useEffect, useEffectEvent, useId, useState, type ReactNode } from 'react'
import { Icon } from '../../components/icon.tsx'
import { useServer } from '../../server.ts'
import { useStrings } from '../../strings/strings.ts'
import { chipsOf, isTags, toggled, useFacets, type Chip } from './facets.ts'
import type { Listing } from './pictures.ts'
import './toolbar.css'

/** So long after the last letter, in ms. */
const restMs = 250

interface ToolbarProps {
  listing: Listing
  onListing: (listing: Listing) => void
  /** How many pictures there are of that listing. */
  count: ReactNode
  children?: ReactNode
}

/** Which pictures are on the wall, and in which order. */
export function Toolbar({ listing, onListing, count, children }: ToolbarProps) {
  const t = useStrings().library
  const { client } = useServer()
  const [open, setOpen] = useState(false)
  const { facets, error } = useFacets(client, listing.filter, open)
  const id = useId()
  const chips = chipsOf(listing.filter)
  const toggle = (chip: Chip) => onListing({ ...listing, filter: toggled(listing.filter, chip) })
  const isChosen = ({ key, value }: Chip) =>
    chips.some((chip) => chip.key === key && chip.value === value)
  return (
    <div className="toolbar" role="search" aria-label={t.which}>
      <div className="toolbar__line">
        <TextField text={listing.text} onText={(text) => onListing({ ...listing, text })} />
        <select
          className="field"
          aria-label={t.order}
          value={listing.order}
          onChange={({ currentTarget }) =>
            onListing({ ...listing, order: currentTarget.value as Listing['order'] })
          }
        >
          <option value="newest">{t.newest}</option>
          <option value="oldest">{t.oldest}</option>
        </select>
        <button
          type="button"
          className="button"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
        >
          {t.narrow}
        </button>
        {children}
        <p className="toolbar__count" role="status">
          {count}
        </p>
      </div>
      {chips.length > 0 && (
        <ul className="chips" role="list" aria-label={t.narrowedTo}>
          {chips.map((chip) => (
            <li key={`${chip.key}=${chip.value}`}>
              <button type="button" className="chip chip--chosen" onClick={() => toggle(chip)}>
                {!isTags(chip.key) && <span className="chip__key">{chip.key}</span>}
                {String(chip.value)}
                <Icon name="close" />
                <span className="visually-hidden">{t.dropChip}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className="facets" id={id} hidden={!open}>
        {facets?.map(({ key, values }) => (
          <section key={key} aria-label={isTags(key) ? t.shows : key}>
            <h3 className="eyebrow">{isTags(key) ? t.shows : key}</h3>
            <ul className="chips" role="list">
              {values.map(({ value, count }) => (
                <li key={String(value)}>
                  <button
                    type="button"
                    className="chip"
                    aria-pressed={isChosen({ key, value })}
                    onClick={() => toggle({ key, value })}
                  >
                    {String(value)}
                    <span className="chip__count">{count}</span>
                  </button>
                </li>
              ))}
            </ul>
          </section>
        ))}
        {facets?.length === 0 && <p>{t.noFacets}</p>}
        {error !== null && <p role="alert">{t.facetsFailed}</p>}
      </div>
    </div>
  )
}

function TextField({ text, onText }: { text: string; onText: (text: string) => void }) {
  const t = useStrings().library
  const [typed, setTyped] = useState(text)
  const tell = useEffectEvent(() => {
    if (typed.trim() !== text) onText(typed.trim())
  })
  useEffect(() => {
    const timer = setTimeout(() => tell(), restMs)
    return () => clearTimeout(timer)
  }, [typed])
  // Back and Forward change it from outside.
  const follow = useEffectEvent(() => {
    if (typed.trim() !== text) setTyped(text)
  })
  useEffect(() => follow(), [text])
  return (
    <input
      type="search"
      className="field toolbar__text"
      aria-label={t.textLabel}
      placeholder={t.text}
      value={typed}
      maxLength={200}
      autoComplete="off"
      spellCheck={false}
      onChange={({ currentTarget }) => setTyped(currentTarget.value)}
    />
  )
}
