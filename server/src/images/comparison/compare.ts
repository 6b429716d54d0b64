import { agreementOf } from './agreement.ts'
import { changeOf, type Change } from './change.ts'
import { keypointsOf, type Keypoints } from './keypoints.ts'
import { placementsByPoints } from './placements.ts'
import { mirrored, planesOf, type Planes } from './planes.ts'
import type { Sketch } from './sketch.ts'
import { placementsOfWhole } from './whole-frame.ts'

/** A sketch as it is compared, its points found when somebody asks for them. */
interface Looked {
  readonly planes: Planes
  readonly points: () => Keypoints
}

function looked(planes: Planes): Looked {
  let points: Keypoints | undefined
  return { planes, points: () => (points ??= keypointsOf(planes)) }
}

/** A picture that others are compared with, and itself in a mirror. */
export class Comparison {
  readonly #upright: Looked
  readonly #mirrored: Looked

  constructor(sketch: Sketch) {
    const planes = planesOf(sketch)
    this.#upright = looked(planes)
    this.#mirrored = looked(mirrored(planes))
  }

  /**
   * Whether the other picture is this one, up to a mirror, a turn, a crop, a frame, a caption, its size, its light and
   * its colours; and if so, what was done to this one to get that one.
   */
  with(sketch: Sketch): Change | null {
    const other = looked(planesOf(sketch))
    return this.#by(other, wholes) ?? this.#by(other, points)
  }

  #by(other: Looked, propose: typeof wholes): Change | null {
    for (const [from, isMirrored] of [
      [this.#upright, false],
      [this.#mirrored, true],
    ] as const) {
      // prettier-ignore
      for (const placement of propose(from, other)) {
        const agreement = agreementOf(from.planes, other.planes, placement)
        if (agreement) return changeOf(from.planes, other.planes, agreement, isMirrored)
      }
    }
    return null
  }
}

/** Cheap, and enough for most copies. */
function wholes(one: Looked, other: Looked) {
  return placementsOfWhole(one.planes, other.planes, 2)
}

function points(one: Looked, other: Looked) {
  return placementsByPoints(one.points(), other.points(), 2)
}
