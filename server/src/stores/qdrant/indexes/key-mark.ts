import { z } from 'zod'
import type { IndexType } from '../options.ts'

/** What is remembered of a metadata key's index, in the collection's own metadata. */
export interface KeyMark {
  readonly type: IndexType
  /** Made by Lookalike of its own accord, which may replace it by one of another type. */
  readonly own?: true | undefined
  /** Values of other types were written too, and the index has not got them. */
  readonly mixed?: true | undefined
  /** Made while there was a graph already, which has no links for it until it is rebuilt. */
  readonly late?: true | undefined
}

const keyMark = z.object({
  type: z.enum(['keyword', 'integer', 'float', 'bool']),
  own: z.literal(true).optional(),
  mixed: z.literal(true).optional(),
  late: z.literal(true).optional(),
})

const prefix = 'lookalike:'
/** Names no key: a key may not begin with a dot. */
const rebuild = `${prefix}.rebuild`

type Metadata = { [key: string]: unknown }

/**
 * One entry of the metadata for each key: Qdrant merges metadata by its top-level entries, and so two
 * servers that learn of two keys at once do not undo each other.
 */
export function marksIn(metadata: Metadata | null | undefined): Map<string, KeyMark> {
  return new Map(
    Object.entries(metadata ?? {}).flatMap(([name, value]) => {
      const mark = name.startsWith(prefix) ? keyMark.safeParse(value) : null
      return mark?.success ? [[name.slice(prefix.length), mark.data]] : []
    }),
  )
}

export function markEntries(marks: Iterable<readonly [string, KeyMark]>): Metadata {
  return Object.fromEntries(Array.from(marks, ([key, mark]) => [prefix + key, mark]))
}

/** The keys for which the graph is being rebuilt; null when it is not. */
export function rebuildingFor(metadata: Metadata | null | undefined): string[] | null {
  const keys = z.array(z.string()).safeParse(metadata?.[rebuild])
  return keys.success ? keys.data : null
}

export function rebuildEntry(keys: string[] | null): Metadata {
  return { [rebuild]: keys }
}
