import type { ImageRecord, SearchResult } from '@lookalike/sdk'
import type { Query } from '../ask/query.ts'

/** What was found, with its likeness to each part where there were several. */
export type Found = SearchResult & { part_scores?: number[] }

/** What is needed to draw a picture before its record is known. */
export type Drawn = Pick<ImageRecord, 'id' | 'thumbnail_url' | 'width' | 'height' | 'thumbhash'>

/** What others are compared with: the picture that was asked about, or the copy that stays. */
export type Against = 'asked' | 'kept'

/** A part of a question. */
export interface AskedFor {
  name: string
  /** Results are to be unlike it. */
  less: boolean
}

/** Through what the lightbox goes. */
export interface Looked {
  /** In the order in which they lie where it was opened. */
  pictures: readonly (Drawn | Found)[]
  /** How many there are, where more will come; null where nobody knows. */
  total: number | null
  /** What they were found for; null where nothing was asked. */
  query: Query | null
  /** Where several things were asked for together: what each is called, in their order. */
  parts?: readonly AskedFor[]
  /** What that picture is to these; as a rule what was asked about. */
  against?: Against
  onNearEnd?: () => void
  onFindSimilar: (id: string) => void
  /** The question with it as a part more, and with results less like it; absent where nothing is asked. */
  onMore?: (id: string) => void
  onLess?: (id: string) => void
}

export function resultOf(picture: Drawn | Found | undefined): Found | null {
  return picture && 'score' in picture ? picture : null
}
