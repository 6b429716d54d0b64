import type { Health } from '../../stores/image-store.ts'
import type { Outbox } from './outbox.ts'

/** Records that health names; the others are counted. */
const maxNamed = 3

/** @param trouble why the last attempt to reach the graph failed; undefined when it did not */
export function healthOf(outbox: Outbox, trouble: unknown): Health {
  const due = outbox.due().size
  const why = trouble instanceof Error ? ` (${trouble.message})` : ''
  const sentences = [
    ...(due > 0 ? [`${due} images are yet to be described${why}.`] : []),
    ...odd(outbox, true, 'left out, because the graph does not take what is said of them'),
  ]
  const changed = odd(outbox, false, 'described with replacement characters')
  return sentences.length > 0
    ? { status: 'degraded', detail: [...sentences, 'Searches are not affected.'].join(' ') }
    : { status: 'ok', detail: ['Every image is described.', ...changed].join(' ') }
}

/** How many records are odd in that way, and some of them by name. */
function odd(outbox: Outbox, wanted: boolean, how: string): string[] {
  const records = [...outbox.odd()].filter(([, { leftOut }]) => leftOut === wanted)
  if (records.length === 0) return []
  const named = records.slice(0, maxNamed).map(([id, { why }]) => `${id} (${why.slice(0, 200)})`)
  return [`Images ${how}: ${records.length}, such as ${named.join(', ')}.`]
}
