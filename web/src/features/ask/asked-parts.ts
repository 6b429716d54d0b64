import { useEffect, useState } from 'react'
import type { Client } from '@lookalike/sdk'
import { keyOf, type Part } from '../../address/parts.ts'
import type { Strings } from '../../strings/strings.ts'
import { knownQuery, nameOfQuery, queriesOf, type PictureQuery, type Query } from './query.ts'

/**
 * What parts stand for, as far as that is known.
 *
 * @param client asked where no search does that; null: one does
 */
export function useQueries(parts: readonly Part[], client: Client | null): (Query | null)[] {
  const [, setAsked] = useState<unknown>(null)
  useEffect(() => {
    if (!client) return
    const leaving = new AbortController()
    // What is not here stays without a name.
    queriesOf(parts, client, leaving.signal).then(setAsked, () => {})
    return () => leaving.abort()
  }, [parts, client])
  return parts.map(knownQuery)
}

export function nameOfPart(query: Query | null | undefined, t: Strings['ask']): string {
  if (!query) return t.aPicture
  return query.kind === 'text' ? t.quoted(query.text) : nameOfQuery(query)
}

export function pictureOf(query: Query | null | undefined): PictureQuery | null {
  return query && query.kind !== 'text' ? query : null
}

export function keysOf(parts: readonly Part[]): string {
  return parts.map(keyOf).join('\n')
}
