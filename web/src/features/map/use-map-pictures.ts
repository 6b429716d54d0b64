import { useMemo, useState } from 'react'
import type { Outlined } from '../library/pictures.ts'
import type { Places } from './use-map.ts'

/** So many may be leafed through from one picture; who wants more draws around them. */
const most = 500

/**
 * What the lightbox goes through on the map: the pictures that were drawn around, where the one that is looked at is
 * among them, else those around it, the nearest first. They stay the same while it goes on to the next.
 *
 * @param shown id of the one that is looked at; empty: none
 * @param chosen indices of those that were drawn around
 * @param isShown whether the picture at an index may be seen
 */
export function useMapPictures(
  places: Places,
  shown: string,
  chosen: readonly number[],
  outlines: ReadonlyMap<string, Outlined> | null,
  isShown: (id: string) => boolean,
): readonly Outlined[] {
  const [last, setLast] = useState<{ of: Places | null; ids: readonly string[] }>(nothing)
  let { ids } = last
  if (shown === '') {
    ids = nothing.ids
    if (last !== nothing) setLast(nothing)
  } else if (last.of !== places || !ids.includes(shown)) {
    const index = places.ids.indexOf(shown)
    const indices = index < 0 ? [] : chosen.includes(index) ? chosen : around(places, index)
    ids = indices.map((at) => places.ids[at]!)
    setLast({ of: places, ids })
  }
  const indexOf = useMemo(() => {
    const wanted = new Set(ids)
    return new Map(places.ids.flatMap((id, at) => (wanted.has(id) ? [[id, at] as const] : [])))
  }, [places, ids])
  return useMemo(
    () =>
      ids
        .filter(isShown)
        .map((id) => outlines?.get(id) ?? bare(id, places.versions[indexOf.get(id) ?? -1] ?? null)),
    [ids, isShown, outlines, places, indexOf],
  )
}

const nothing: { of: Places | null; ids: readonly string[] } = { of: null, ids: [] }

/** Indices of the places nearest to one, itself the first. */
function around({ at, versions }: Places, index: number): number[] {
  const [x, y] = [at[index * 2]!, at[index * 2 + 1]!]
  const far = Float64Array.from(versions, (_, other) =>
    Math.hypot(at[other * 2]! - x, at[other * 2 + 1]! - y),
  )
  far[index] = -1
  const limit = far.toSorted()[Math.min(most, far.length) - 1]!
  const found: number[] = []
  far.forEach((distance, other) => {
    if (distance <= limit && versions[other] !== null) found.push(other)
  })
  return found.sort((one, other) => far[one]! - far[other]!).slice(0, most)
}

/** What is known of a picture before its outline is. */
export function bare(id: string, version: string | null): Outlined {
  const thumbnail_url = version ? `./api/images/${id}/thumbnail?v=${version}` : null
  return { id, thumbnail_url, width: null, height: null, thumbhash: null }
}
