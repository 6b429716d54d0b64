import type { ChangeStep, DuplicateOf as WireDuplicateOf } from '@lookalike/contract'
import { withScale, wordsOf, type Change } from '../../images/comparison/change.ts'
import type { DuplicateOf } from '../../library/copies/same-picture.ts'
import type { FileFacts } from '../../records/record.ts'

type Sized = Pick<FileFacts, 'width' | 'height'> | null

/** What was done to a picture to get another, as it travels; with the scale, which their files know. */
export function toWireChange(
  change: Change | null | undefined,
  from: Sized,
  to: Sized,
): { change: string | null; changes: ChangeStep[] } {
  if (!change) return { change: null, changes: [] }
  const whole = withScale(change, from, to)
  return {
    change: wordsOf(whole),
    changes: whole.map(({ kind, amount = null }) => ({ kind, amount })),
  }
}

/** @param file that of the record which has a better copy */
export function toWireDuplicate(
  found: DuplicateOf | undefined,
  file: Sized,
): WireDuplicateOf | null {
  if (!found) return null
  const { id, kind, change, file: better } = found
  return { id, kind, ...toWireChange(change, better, file) }
}
