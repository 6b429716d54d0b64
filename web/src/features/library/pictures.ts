import { useCallback, useEffect, useRef, useState } from 'react'
import type { Client, Filter, OutlinePage } from '@lookalike/sdk'
import { cameBack } from '../../address/use-question.ts'
import type { Order } from '../../address/question.ts'

/** Which pictures of the library, in which order. */
export interface Listing {
  /** Stands in their URI or description; empty: all. */
  text: string
  filter: Filter | null
  order: Order
}

/** What a wall is laid out by; names and descriptions are asked for once a picture is in sight. */
export interface Outlined {
  id: string
  thumbnail_url: string | null
  width: number | null
  height: number | null
  thumbhash: string | null
}

export interface Pictures {
  pictures: readonly Outlined[]
  /** How many there are in all; null where nobody has counted. */
  total: number | null
  state: 'loading' | 'more' | 'all' | 'failed'
  error: unknown
}

/** Few, so that the first are soon on the wall. */
const firstPage = 300
const nextPages = 10_000
/** So many come by themselves: then the scroll bar tells the truth, and all can be selected. */
const unasked = 200_000

interface Kept extends Pictures {
  key: string
  cursor: string | null
  /** How far down they were seen, in CSS pixels. */
  depth: number
}

/** The last one that was seen, for Back. */
let kept: Kept | null = null

const nothing: Pictures = { pictures: [], total: null, state: 'loading', error: null }

export interface PicturesOf extends Pictures {
  loadMore: () => void
  /** All of them, whatever it takes. */
  loadAll: () => Promise<readonly Outlined[]>
  /** Where Back leads: how far down the window was. */
  depth: number
  keepDepth: (depth: number) => void
  /** From the beginning again; what is shown stays until as much of the new is there. */
  refresh: () => void
}

/** The pictures of a listing, a page at a time. */
export function usePictures(client: Client, listing: Listing): PicturesOf {
  const key = JSON.stringify([listing.text, listing.filter, listing.order])
  const [start] = useState(() => (cameBack() && kept?.key === key ? kept : null))
  const [shown, setShown] = useState<Pictures>(start ?? nothing)
  const run = useRef<Run>(null)
  const from = useRef(start)

  useEffect(() => {
    const resumed = from.current
    from.current = null
    const current = startRun(client, key, resumed, setShown)
    run.current = current
    return () => current.leave()
  }, [client, key])

  return {
    ...shown,
    loadMore: useCallback(() => void run.current?.load(), []),
    loadAll: useCallback(async () => (await run.current?.loadAll()) ?? [], []),
    depth: start?.key === key ? start.depth : 0,
    keepDepth: useCallback((depth: number) => {
      if (kept) kept.depth = depth
    }, []),
    refresh: useCallback(() => void run.current?.refresh(), []),
  }
}

type Run = ReturnType<typeof startRun>

function startRun(
  client: Client,
  key: string,
  resumed: Kept | null,
  show: (pictures: Pictures) => void,
) {
  const [text, filter, order] = JSON.parse(key) as [string, Filter | null, Order]
  const leaving = new AbortController()
  const { signal } = leaving
  let now: Kept = resumed ?? { ...nothing, key, cursor: null, depth: 0 }
  let loading: Promise<void> | null = null

  function change(next: Partial<Kept>) {
    now = { ...now, ...next }
    kept = now
    // The old stays until there is something new.
    if (now.pictures.length > 0 || now.state !== 'loading') show(now)
  }

  function ask(cursor: string | null, limit: number) {
    return client.outline({
      sort: order,
      limit,
      ...(cursor === null ? { total: true } : { cursor }),
      ...(text && { q: text }),
      ...(filter && { filter }),
      signal,
    })
  }

  async function page() {
    const first = now.cursor === null
    change({ state: 'loading', error: null })
    try {
      const answer = await ask(now.cursor, first ? firstPage : nextPages)
      change({
        pictures: first ? outlined(answer) : [...now.pictures, ...outlined(answer)],
        cursor: answer.next_cursor,
        state: answer.next_cursor === null ? 'all' : 'more',
        ...(first && { total: answer.total ?? null }),
      })
    } catch (error) {
      if (!signal.aborted) change({ state: 'failed', error })
    }
  }

  function load(): Promise<void> {
    if (now.state === 'all' || signal.aborted) return Promise.resolve()
    loading ??= page().finally(() => (loading = null))
    return loading
  }

  async function refresh() {
    const wanted = now.pictures.length
    const pictures: Outlined[] = []
    let cursor: string | null = null
    let total: number | null = null
    try {
      do {
        const answer: OutlinePage = await ask(
          cursor,
          Math.max(firstPage, Math.min(wanted, nextPages)),
        )
        pictures.push(...outlined(answer))
        total ??= answer.total ?? null
        cursor = answer.next_cursor
      } while (cursor !== null && pictures.length < wanted)
      change({ pictures, cursor, total, state: cursor === null ? 'all' : 'more', error: null })
    } catch {
      // What is shown was right a moment ago, and the next refresh may have more luck.
    }
  }

  async function loadUnasked() {
    do {
      await load()
      // oxlint-disable-next-line no-unmodified-loop-condition -- `load` changes it
    } while (now.state === 'more' && now.pictures.length < unasked && !signal.aborted)
  }
  if (now.state !== 'all') void loadUnasked()

  return {
    load,
    async loadAll() {
      do await load()
      while (now.state === 'more' && !signal.aborted)
      return now.pictures
    },
    refresh() {
      loading ??= refresh().finally(() => (loading = null))
    },
    leave: () => leaving.abort(),
  }
}

/** The rows of what comes in columns. */
export function outlined({ ids, versions, widths, heights, thumbhashes }: OutlinePage): Outlined[] {
  return ids.map((id, at) => ({
    id,
    thumbnail_url: versions[at] ? `./api/images/${id}/thumbnail?v=${versions[at]}` : null,
    width: widths[at] ?? null,
    height: heights[at] ?? null,
    thumbhash: thumbhashes[at] ?? null,
  }))
}
