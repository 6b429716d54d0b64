import type { Filter } from '../records/filter.ts'
import { withBeginningsAnywhere } from '../records/terms.ts'
import { allWords } from '../words/asked.ts'

/** What a list lets through: what passes the filter and has every word of a text, be it the beginning of a word. */
export function listFilter(filter: Filter | undefined, text: string | undefined): Filter | undefined {
  if (text === undefined) return filter
  return { must: [withBeginningsAnywhere(allWords(text)), ...(filter ? [filter] : [])] }
} // prettier-ignore
