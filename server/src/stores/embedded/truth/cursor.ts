import { LookalikeError } from '../../../errors.ts'

/** Where a page ended: at a row; in the order of time also at what time, null behind all that have one. */
export interface Place {
  readonly row: number
  readonly time?: string | null
}

export function toCursor({ row, time }: Place): string {
  return time === undefined ? String(row) : `${time ?? ''}~${row}`
}

/**
 * @param byTime whether the list is in the order of time
 * @throws LookalikeError `invalid_parameter` for what `toCursor` never gave out in this order
 */
export function readCursor(cursor: string | undefined, byTime = false): Place | null {
  if (cursor === undefined) return null
  const [, time, row] = /^(?:([^~]{0,40})~)?(\d{1,15})$/.exec(cursor) ?? []
  if (row !== undefined && byTime === (time !== undefined)) {
    return byTime ? { row: Number(row), time: time || null } : { row: Number(row) }
  }
  throw new LookalikeError(
    'invalid_parameter',
    'cursor: is none that this library gave out for a list in this order. Use next_cursor of the page before, or start without one.',
  )
}
