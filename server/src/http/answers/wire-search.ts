import type { SearchMatch, StandingSearch as WireSearch } from '@lookalike/contract'
import type { ListedMatch, StandingSearch } from '../../library/standing/standing-searches.ts'
import type { KeptPart } from '../../library/kept-questions/kept-question.ts'
import type { Match } from '../../library/calibration/match.ts'
import type { Presenter } from './present.ts'

type WirePart = WireSearch['parts'][number]

/** A search that stands, as it travels: of its webhook no more than where it leads. */
export function searchToWire(search: StandingSearch, present: Presenter): WireSearch {
  const { id, name, rule, webhook, isPaused, outdated } = search
  return {
    id,
    name,
    created_at: search.createdAt,
    question: search.asked as WireSearch['question'],
    parts: search.parts.map((part, at) =>
      partToWire(part, present.link(`/api/searches/${id}/parts/${at}/thumbnail`)),
    ),
    min_match: rule.minMatch ?? null,
    score_threshold: rule.scoreThreshold ?? null,
    state: isPaused ? 'paused' : outdated === null ? 'watching' : 'outdated',
    detail: outdated,
    embedder: search.embedderId,
    matches: search.listed,
    unseen: search.unseen,
    forgotten: search.forgotten,
    newest_at: search.newestAt,
    webhook: webhook && {
      origin: new URL(webhook.url).origin,
      status: webhook.isStopped ? 'stopped' : webhook.trouble === null ? 'ok' : 'failing',
      detail: webhook.trouble,
      waiting: webhook.waiting,
    },
  }
}

/** @param thumbnailUrl where its thumbnail is, if it has one; null where none is handed out */
export function partToWire(
  { hasThumbnail, file: _, region: _region, ...part }: KeptPart,
  thumbnailUrl: string | null,
): WirePart {
  return { ...part, thumbnail_url: hasThumbnail ? thumbnailUrl : null }
}

export function matchToWire(listed: ListedMatch, present: Presenter): SearchMatch {
  const { number, image, score, match, surprise, at, isSeen, record } = listed
  return {
    number,
    score,
    match: match as Match | null,
    surprise,
    matched_at: at,
    seen: isSeen,
    id: image,
    image: record && present.record(record),
  }
}
