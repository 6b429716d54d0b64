import type { PageRequest } from '../stores/image-store.ts'
import type { LibraryDeps } from './deps.ts'

/** Pages of a search for a text that are counted through, before its total is left open. */
const maxPages = 10
const countedAtOnce = 10_000

/**
 * How many images a list has in all; null where a text is looked for in so many that counting would take long.
 */
export async function countListed(
  { store }: LibraryDeps,
  { filter, text }: Pick<PageRequest, 'filter' | 'text'>,
  signal: AbortSignal,
): Promise<number | null> {
  if (text === undefined) return store.count(filter)
  let total = 0
  let cursor: string | undefined
  for (let page = 0; page < maxPages; page++) {
    signal.throwIfAborted()
    const from = cursor === undefined ? {} : { cursor }
    const asked = { text, limit: countedAtOnce, ...(filter && { filter }), ...from }
    const { outlines, nextCursor } = await store.outline(asked)
    total += outlines.length
    if (nextCursor === null) return total
    cursor = nextCursor
  }
  return null
}
