import { perceptualHash } from '../../images/perceptual-hash.ts'
import type { Hit } from '../../stores/image-store.ts'
import type { EmbeddedQuery } from '../query.ts'
import type { Background } from './background.ts'
import type { Verdicts } from '../copies/same-picture.ts'
import { matchOf, sameMatch, withinBounds, type Match } from './match.ts'
import { backgroundOf, type Sample } from './sample.ts'

export interface JudgedHit extends Hit {
  /** Null while nothing can be said. */
  readonly match: Match | null
  /** How rare such a score is among unrelated pictures: the negative decimal logarithm of its probability. */
  readonly surprise: number | null
}

/** Hits with what their scores mean, and what that was judged by. */
export interface Judged {
  readonly hits: JudgedHit[]
  /** Null while the library is too small. */
  readonly background: Background | null
  /** Pictures in the library. */
  readonly pictures: number
  /** What the nearest picture usually scores at least; null where that is not known, as of most texts. */
  readonly usual: number | null
}

/** Scores from which a picture may be a copy of the query, whatever the embedder. */
const copiesFrom = 0.7

/**
 * Those hits that are worth a look at their pixels, which somebody waits for: they score as copies do, or higher than
 * unrelated pictures of this library. While nothing is known of these, all are.
 */
export function mayBeCopies(hits: Hit[], vector: Float32Array, sample: Sample | null): Hit[] {
  if (!sample) return hits
  const background = backgroundOf(sample, vector)
  return hits.filter(
    ({ score }) =>
      !background ||
      score >= copiesFrom ||
      matchOf(background.chance(score) * sample.pictures) !== 'weak',
  )
}

/** What hits are judged by. */
export interface Judging {
  readonly sample: Sample | null
  readonly known: Verdicts
  /** Hits, by id, that are the picture of the query, because their pixels were compared. */
  readonly copies: ReadonlyMap<string, unknown>
}

/** Says of every hit what its score means in this library. */
export async function judge(
  query: Pick<EmbeddedQuery, 'vector' | 'file' | 'image' | 'bounds'>,
  hits: Hit[],
  { sample, known, copies }: Judging,
): Promise<Judged> {
  const background = sample && backgroundOf(sample, query.vector)
  const pictures = sample?.pictures ?? 0
  const mayBeCopy = query.file && query.image && hits.some(({ score }) => score >= copiesFrom)
  const file = mayBeCopy
    ? { ...query.file!, phash: await perceptualHash(query.image!) }
    : query.file
  return {
    hits: hits.map((hit) => {
      const chance = background?.chance(hit.score)
      const byChance = chance === undefined ? null : matchOf(chance * pictures)
      const match = byChance && query.bounds ? withinBounds(byChance, hit.score, query.bounds) : byChance // prettier-ignore
      return {
        ...hit,
        match: copies.has(hit.record.id)
          ? 'same'
          : (sameMatch(known, file, hit.record.file) ?? match),
        surprise: chance === undefined ? null : Math.round(-100 * Math.log10(chance)) / 100,
      }
    }),
    background,
    pictures,
    // Texts score lower with pictures than these do with each other.
    usual: query.file ? (sample?.usualNearest ?? null) : (query.bounds?.possible ?? null),
  }
}
