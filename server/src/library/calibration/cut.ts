import type { Background } from './background.ts'

/** How far above the floor, of the way to the nearest picture, likeness reaches. */
const reach = 0.4
/** Unrelated pictures that are expected above the score that the cut is drawn towards. */
const tolerated = 10
/** What more than one in ten unrelated pictures reach is no likeness. */
const likelyChance = 0.1

/**
 * The score at which likeness to a query ends: in the middle between two bounds. One lies some way up from the floor of
 * unrelated pictures to the nearest, and so adapts to how alike the alike ones are; the other where ten unrelated pictures
 * are expected, which rises with the library. Both numbers were chosen on labelled sets with three embedders
 * (docs/retrieval-quality.md).
 *
 * @param nearest the score of the nearest picture that is no copy of the query
 * @param pictures that were searched
 * @param usual what the nearest of a query like this one scores at least; null where that is not known
 * @returns null where nothing is alike: the nearest is further away than is usual, or no rarer than unrelated pictures
 */
export function likenessEnds(
  background: Background,
  nearest: number,
  pictures: number,
  usual: number | null,
): number | null {
  // Where it is not known what is usual, the nearest must be rare itself.
  const likely = usual === null ? Math.min(likelyChance, tolerated / pictures) : likelyChance
  if (background.chance(nearest) > likely || (usual !== null && nearest < usual)) return null
  const near = background.floor + reach * (nearest - background.floor)
  const chance = Math.min(nearest, background.scoreWhere(tolerated, pictures))
  return near + Math.max(0, chance - near) / 2
}
