import { LookalikeError } from '../../../errors.ts'

/** A cursor is the row that a page ended with; the next page goes on below it. */
export function toCursor(row: number): string {
  return String(row)
}

/** @throws LookalikeError `invalid_parameter` for what `toCursor` never gave out */
export function readCursor(cursor: string | undefined): number {
  if (cursor === undefined) return Number.MAX_SAFE_INTEGER
  if (/^\d{1,15}$/.test(cursor)) return Number(cursor)
  throw new LookalikeError(
    'invalid_parameter',
    'cursor: is none that this library gave out. Use next_cursor of the page before, or start without one.',
  )
}
