import { useEffect, useEffectEvent, useId, useState, type ReactNode } from 'react'
import { useServer } from '../../server.ts'
import { useStrings } from '../../strings/strings.ts'
import { ChosenChips, FacetList } from './facet-list.tsx'
import { chipsOf, toggled, useFacets, type Chip } from './facets.ts'
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
      <ChosenChips chips={chips} onToggle={toggle} />
      <div className="facets" id={id} hidden={!open}>
        <FacetList facets={facets ?? []} chosen={chips} onToggle={toggle} />
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
