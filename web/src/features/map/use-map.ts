import { useCallback, useEffect, useState } from 'react'
import type { Client, LibraryMap } from '@lookalike/sdk'

/** Where the pictures lie, by columns. */
export interface Places {
  readonly ids: readonly string[]
  /** `v` of the link to each thumbnail; null where there is no file. */
  readonly versions: readonly (string | null)[]
  /** x and y of each, 0 to 1. */
  readonly at: Float32Array<ArrayBuffer>
}

export interface MapState {
  readonly phase: LibraryMap['phase'] | 'loading'
  readonly detail: string | null
  readonly placed: number
  readonly images: number
  readonly places: Places
  readonly error: unknown
}

/** With fewer there is nothing to lay out: one sees them all at once. */
export const fewest = 20
/** Between two questions how far it is, in ms. */
const restMs = 1500

const nowhere: Places = { ids: [], versions: [], at: new Float32Array() }
const unknown: MapState = {
  phase: 'loading',
  detail: null,
  placed: 0,
  images: 0,
  places: nowhere,
  error: null,
}

/** The map as the server has it; while it is being laid out, what there is of it so far. */
export function useMap(client: Client): [MapState, () => void] {
  const [state, setState] = useState(unknown)
  const [asked, setAsked] = useState(0)
  useEffect(() => {
    const leaving = new AbortController()
    const { signal } = leaving
    follow(client, signal, (next) => {
      if (!signal.aborted) setState((before) => ({ ...before, ...next }))
    }).catch((error: unknown) => {
      if (!signal.aborted) setState((before) => ({ ...before, error }))
    })
    return () => leaving.abort()
  }, [client, asked])
  const again = useCallback(() => {
    setState((before) => ({ ...before, error: null }))
    setAsked((times) => times + 1)
  }, [])
  return [state, again]
}

async function follow(
  client: Client,
  signal: AbortSignal,
  tell: (next: Partial<MapState>) => void,
): Promise<void> {
  let shown = { placed: 0, version: '' }
  for (;;) {
    const { phase, detail, placed, images, version } = await client.map({ limit: 1, signal })
    const ended = phase === 'ready' || phase === 'failed'
    // Early, and then as often as it has doubled: each time all of it is read.
    if (images >= fewest && version !== shown.version && (ended || placed > 2 * shown.placed)) {
      const places = await allPlaces(client, signal)
      shown = { placed, version }
      tell({ phase, detail, placed, images, places })
    } else tell({ phase, detail, placed, images })
    if (ended) return
    await rest(signal)
  }
}

async function allPlaces(client: Client, signal: AbortSignal): Promise<Places> {
  const pages: LibraryMap[] = []
  for (let cursor: string | null | undefined; cursor !== null;) {
    const page: LibraryMap = await client.map({ ...(cursor && { cursor }), signal })
    if (pages[0] && layoutOf(page) !== layoutOf(pages[0])) {
      // Of another layout than the pages before, whose places mean nothing in it.
      pages.length = 0
      cursor = undefined
      continue
    }
    pages.push(page)
    cursor = page.next_cursor
  }
  const ids = pages.flatMap((page) => page.ids)
  const at = new Float32Array(ids.length * 2)
  let index = 0
  for (const { x, y, size } of pages) {
    for (let place = 0; place < x.length; place++) {
      at[index++] = x[place]! / size
      at[index++] = y[place]! / size
    }
  }
  return { ids, versions: pages.flatMap((page) => page.versions), at }
}

function layoutOf({ version }: LibraryMap): string {
  return version.split('-')[0]!
}

function rest(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, restMs)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    })
  })
}
