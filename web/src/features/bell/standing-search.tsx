import { useId, useState } from 'react'
import type { SearchMatch, StandingSearch as Search } from '@lookalike/sdk'
import { Failure } from '../../components/failure.tsx'
import { nameOf } from '../../components/name-of.ts'
import { Picture, PictureOf } from '../../components/picture.tsx'
import { useServer } from '../../server.ts'
import { useStrings } from '../../strings/strings.ts'
import { SearchSettings } from './search-settings.tsx'
import { pageSize, useMatches } from './use-matches.ts'
import './standing-search.css'

interface StandingSearchProps {
  search: Search
  hrefOf: (id: string) => string
  onOpen: (matches: readonly SearchMatch[], id: string) => void
  /** Does something to it and reads it again; false where that failed, which is shown. */
  onChange: (change: () => Promise<unknown>) => Promise<boolean>
}

/** A search that stands: what it asks, and what is new. */
export function StandingSearch({ search, hrefOf, onOpen, onChange }: StandingSearchProps) {
  const { searches: t, format } = useStrings()
  const { client } = useServer()
  const { id, name, unseen, state, detail, webhook } = search
  const version = `${search.newest_at} ${search.matches} ${unseen}`
  const found = useMatches(client, id, version)
  const [isOpen, setOpen] = useState(false)
  const titleId = useId()
  const settingsId = useId()
  const trouble = detail ?? (webhook?.status === 'stopped' ? webhook.detail : null)
  return (
    <section className="standing" aria-labelledby={titleId}>
      <header className="standing__head">
        <Asked search={search} />
        <div className="standing__title">
          <h3 id={titleId}>{name}</h3>
          <p>
            {state === 'watching' ? t.counts(search.matches, unseen) : t.states[state]}
            {search.newest_at && ` · ${t.newest(format.moment(new Date(search.newest_at)))}`}
            {search.forgotten > 0 && ` · ${t.forgotten(search.forgotten)}`}
          </p>
        </div>
        <div className="standing__actions">
          {unseen > 0 && (
            <button
              type="button"
              className="button button--small"
              onClick={() => {
                const [newest] = found.matches
                void onChange(() => client.searches.see(id, newest ? { upTo: newest.number } : {}))
              }}
            >
              {t.seen}
            </button>
          )}
          {state !== 'outdated' && (
            <button
              type="button"
              className="button button--small"
              onClick={() =>
                void onChange(() => client.searches.change(id, { paused: state === 'watching' }))
              }
            >
              {state === 'watching' ? t.pause : t.resume}
            </button>
          )}
          <button
            type="button"
            className="button button--small"
            aria-expanded={isOpen}
            aria-controls={settingsId}
            onClick={() => setOpen(!isOpen)}
          >
            {t.settings}
          </button>
        </div>
      </header>
      {trouble !== null && <p className="standing__trouble">{trouble}</p>}
      <div id={settingsId} hidden={!isOpen}>
        {isOpen && <SearchSettings search={search} onChange={onChange} />}
      </div>
      {found.matches.length > 0 && (
        <ul className="standing__matches" aria-label={t.matchesOf(name)} role="list">
          {found.matches.map((match) => (
            <Match
              key={match.number}
              match={match}
              href={hrefOf(match.id)}
              onOpen={() => onOpen(found.matches, match.id)}
            />
          ))}
        </ul>
      )}
      {found.loading && found.matches.length === 0 && (
        <ul className="standing__matches" aria-hidden="true">
          {Array.from({ length: Math.min(pageSize, search.matches) }, (_, at) => (
            <li key={at} className="match match--awaited" />
          ))}
        </ul>
      )}
      {!found.loading && !found.error && found.matches.length === 0 && (
        <p className="standing__none">{t.none}</p>
      )}
      {found.error !== null && <Failure error={found.error} titled onRetry={found.again} />}
      {found.next !== null && (
        <button type="button" className="button" aria-disabled={found.loading} onClick={found.more}>
          {t.more}
        </button>
      )}
    </section>
  )
}

/** The pictures and words that it was asked with. */
function Asked({ search }: { search: Search }) {
  const t = useStrings().searches
  return (
    <ul className="standing__asked" aria-label={t.asked} role="list">
      {search.parts.slice(0, 4).map((part, at) => (
        <li key={at} data-less={part.weight < 0 || undefined}>
          {part.text === null ? (
            <Picture
              src={part.thumbnail_url ?? `/api/images/${part.id}/thumbnail`}
              alt={part.filename ?? part.description}
            />
          ) : (
            <q>{part.text}</q>
          )}
        </li>
      ))}
    </ul>
  )
}

interface MatchProps {
  match: SearchMatch
  href: string
  onOpen: () => void
}

function Match({ match: { image, score, match, seen, matched_at }, href, onOpen }: MatchProps) {
  const { searches: t, results, format } = useStrings()
  const said = match ? results.match[match] : format.percent(score)
  if (!image) return <li className="match match--gone">{t.gone}</li>
  const name = nameOf(image.image_uri)
  return (
    <li className="match" data-unseen={!seen || undefined}>
      <a
        href={href}
        title={t.matched(format.moment(new Date(matched_at)))}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return
          event.preventDefault()
          onOpen()
        }}
      >
        <PictureOf record={image} alt={image.description || name} across={176} />
        <span className="visually-hidden">{seen ? name : t.unseen(name)}</span>
      </a>
      <p>{said}</p>
    </li>
  )
}
