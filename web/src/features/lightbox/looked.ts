import type { ImageRecord, SearchResult } from '@lookalike/sdk'
import type { Query } from '../ask/query.ts'

/** What is needed to draw a picture before its record is known. */
export type Drawn = Pick<ImageRecord, 'id' | 'thumbnail_url' | 'width' | 'height' | 'thumbhash'>

/** What others are compared with: the picture that was asked about, or the copy that stays. */
export type Against = 'asked' | 'kept'

/** Through what the lightbox goes. */
export interface Looked {
  /** In the order in which they lie where it was opened. */
  pictures: readonly (Drawn | SearchResult)[]
  /** How many there are, where more will come; null where nobody knows. */
  total: number | null
  /** What they were found for; null where nothing was asked. */
  query: Query | null
  /** What that picture is to these; as a rule what was asked about. */
  against?: Against
  onNearEnd?: () => void
  onFindSimilar: (id: string) => void
  /** The question with it as a part more, and with results less like it; absent where nothing is asked. */
  onMore?: (id: string) => void
  onLess?: (id: string) => void
}

export function resultOf(picture: Drawn | SearchResult | undefined): SearchResult | null {
  return picture && 'score' in picture ? picture : null
}
