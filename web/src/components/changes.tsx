import type { SearchResult } from '@lookalike/sdk'
import { useStrings } from '../strings/strings.ts'

/** What was done to a picture to get another, in words of the reader's language; nothing where nobody compared them. */
export function Changes({ change, changes }: Pick<SearchResult, 'change' | 'changes'>) {
  const { results, duplicates } = useStrings()
  if (change === null) return null
  if (changes.length === 0) return results.recompressed
  return changes.map(({ kind, amount }) => duplicates.changes[kind](amount ?? 0)).join(', ')
}
