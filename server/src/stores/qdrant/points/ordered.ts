import { LookalikeError } from '../../../errors.ts'
import type { Filter } from '../../../records/filter.ts'
import { timeKey } from '../options.ts'
import { type Payload, pointId, type PointId } from './payload.ts'
import type { Point, PointPage, PointReads, Walk } from './point-reads.ts'
import type { Reader } from './reader.ts'

/** Where a page ended: behind a point, of a time or, at last, of none. */
interface Place {
  readonly time: string | null
  readonly id: PointId
}

type Order = 'newest' | 'oldest'
type Part = Pick<Walk, 'filter' | 'only'>

/**
 * A page in the order of time. Qdrant says nothing of the order of points of one time, of which an import makes
 * many, and passes over points without one: so those of the time at which a page ends are listed by their ids,
 * and those of none come last, by theirs.
 *
 * @throws LookalikeError `invalid_parameter` for a cursor that is none
 */
export async function pageByTime(
  { reader, points }: { reader: Reader; points: PointReads },
  order: Order,
  { filter, only }: Part,
  limit: number,
  cursor: string | undefined,
): Promise<PointPage> {
  const after = cursor === undefined ? null : placeOf(cursor)
  const wanted = limit + 1
  const found: Point[] = []
  let time = after?.time
  let behind = after?.id
  while (found.length < wanted && time !== null) {
    if (time !== undefined) {
      const at = time
      const walk = { filter, only, limit: wanted - found.length + 1, from: behind }
      const same = await reader.read([], (deadline) => points.scrollOfTime(deadline, at, walk))
      // A scroll begins at the point that is named, which was seen.
      found.push(...same.filter(({ id }) => id !== behind).slice(0, wanted - found.length))
      if (found.length >= wanted) break
    }
    const range = time === undefined ? {} : order === 'newest' ? { lt: time } : { gt: time }
    const walk = { filter, only: only && [...only, timeKey], limit: wanted + 1 }
    const next = await reader.read([], (deadline) =>
      points.scrollByTime(deadline, order, range, walk),
    )
    behind = undefined
    if (next.length <= wanted) {
      found.push(...byTimeAndId(next, order).slice(0, wanted - found.length))
      time = null
    } else {
      // Whether all of the last time have come is not known.
      const last = timeOf(next.at(-1)!)!
      const whole = byTimeAndId(
        next.filter((point) => timeOf(point) !== last),
        order,
      )
      found.push(...whole.slice(0, wanted - found.length))
      time = last
    }
  }
  if (found.length < wanted) {
    const untimed: Filter = { must: [{ is_empty: { key: timeKey } }, ...(filter ? [filter] : [])] }
    const from = after?.time === null ? after.id : undefined
    const rest = await reader.page({ filter: untimed, only, limit: wanted + 1, from })
    found.push(...rest.points.filter(({ id }) => id !== from).slice(0, wanted - found.length))
  }
  const page = found.slice(0, limit)
  return { points: page, next: found.length > limit ? cursorOf(page.at(-1)!) : null }
}

function byTimeAndId(points: Point[], order: Order): Point[] {
  const sign = order === 'newest' ? -1 : 1
  return points.toSorted((a, b) => {
    const [timeA, timeB] = [timeOf(a)!, timeOf(b)!]
    if (timeA !== timeB) return sign * (timeA < timeB ? -1 : 1)
    return String(a.id) < String(b.id) ? -1 : 1
  })
}

function timeOf({ payload }: Point): string | null {
  const ours = (payload as { lookalike?: Payload } | null)?.lookalike
  return typeof ours?.indexed_at === 'string' ? ours.indexed_at : null
}

/** Of the page that follows this point. */
function cursorOf(point: Point): string {
  return `${timeOf(point) ?? ''}~${point.id}`
}

function placeOf(cursor: string): Place {
  const [, time = '', text = ''] = /^([^~]{0,40})~(.+)$/.exec(cursor) ?? []
  const id = pointId(text)
  if (id !== null && (time === '' || !Number.isNaN(Date.parse(time)))) {
    return { time: time || null, id }
  }
  throw new LookalikeError(
    'invalid_parameter',
    'cursor is not a next_cursor of an earlier page in this order',
  )
}
