import type { Client, WhyResponse } from '@lookalike/sdk'
import { nameOf } from '../../components/name-of.ts'
import type { Strings } from '../../strings/strings.ts'
import type { Query } from '../ask/query.ts'
import type { Source } from './pane.tsx'

/** The picture that was asked about, where this page has it. */
export interface Asked {
  source: Source
  name: string
  /** What the server compares: the file itself, or the id of a picture it has. */
  one: Blob | string
}

/** Null for words and for pictures of other servers, which the page never fetches. */
export function askedOf(query: Query | null): Asked | null {
  switch (query?.kind) {
    case 'file':
      return {
        source: { kind: 'file', file: query.file },
        name: query.file.name,
        one: query.file,
      }
    case 'stored': {
      const { id, uri, thumbnailUrl: thumbnail_url } = query
      const picture = { id, thumbnail_url, width: null, height: null, thumbhash: null }
      return { source: { kind: 'stored', picture }, name: nameOf(uri), one: id }
    }
    default:
      return null
  }
}

/** Why there is nothing to compare a picture with, for people; null where there is. */
export function noComparison(query: Query | null, { why }: Strings['lightbox']): string | null {
  switch (query?.kind) {
    case 'text':
      return why.byWords
    case 'link':
      return why.elsewhere
    default:
      return null
  }
}

/** What the two share; `one` of the answer is the picture that was asked about. */
export function compared(
  client: Client,
  { one }: Asked,
  id: string,
  signal: AbortSignal,
): Promise<WhyResponse> {
  return client.why(one, id, { signal })
}
