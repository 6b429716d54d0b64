import type { Agreement } from './agreement.ts'
import { frameOf } from './alignment.ts'
import { inverted } from './placements.ts'
import type { Planes } from './planes.ts'

/** What can have been done to a picture; those with a number say by how many degrees, or to how many per cent. */
export const stepKinds = [
  'mirrored',
  'turned',
  'rotated',
  'cropped',
  'extended',
  'framed',
  'unframed',
  'overlaid',
  'grey',
  'coloured',
  'recoloured',
  'brighter',
  'darker',
  'more_contrast',
  'less_contrast',
  'scaled',
] as const
export type StepKind = (typeof stepKinds)[number]

export interface Step {
  readonly kind: StepKind
  /**
   * `turned` and `rotated`: degrees clockwise, quarters and what is left of them. `cropped`: per cent of the area that
   * are left. `extended`: of the area of the new picture, per cent that the old one fills. `overlaid`: per cent of the
   * area that differ. `scaled`: per cent of the pixels along a side.
   */
  readonly amount?: number
}

/** What was done to one picture to get another; empty where they look alike to the pixel. */
export type Change = readonly Step[]

/** Shares of an area below which something was cut off or put around. */
const whole = 0.97
/** A picture that was rotated has its corners cut off, which is not worth a word. */
const wholeRotated = 0.9
const leastRotation = 0.7
const leastDiffering = 0.03
const leastColour = 6
const greyShare = 0.25
/** Standard deviation, in grey levels, of what is of one colour; and how far from an edge that is looked at, in pixels. */
const plain = 8
const blurred = 2

export function changeOf(a: Planes, b: Planes, agreement: Agreement, mirrored: boolean): Change {
  const { placement, ofA, ofB, differing } = agreement
  // The placement leads from b to a: what was done to a is its inverse.
  const degrees = (-Math.atan2(placement.yx, placement.xx) * 180) / Math.PI
  const quarters = Math.round(degrees / 90)
  const rest = degrees - quarters * 90
  const rotated = Math.abs(rest) >= leastRotation
  const complete = rotated ? wholeRotated : whole
  const steps: Step[] = []
  if (mirrored) steps.push({ kind: 'mirrored' })
  if (quarters % 4 !== 0)
    steps.push({ kind: 'turned', amount: (((quarters * 90) % 360) + 360) % 360 })
  if (rotated) steps.push({ kind: 'rotated', amount: Math.round(rest * 10) / 10 })
  if (ofA < complete) steps.push({ kind: 'cropped', amount: percent(ofA) })
  if (ofB < complete) {
    if (isPlainAround(a, b, agreement)) steps.push({ kind: 'framed' })
    else steps.push({ kind: 'extended', amount: percent(ofB) })
  }
  if (ofA < complete && ofB >= complete && isPlainAround(b, a, reversed(agreement))) {
    steps[steps.length - 1] = { kind: 'unframed' }
  }
  if (differing > leastDiffering) steps.push({ kind: 'overlaid', amount: percent(differing) })
  steps.push(...colourSteps(agreement), ...lightSteps(agreement))
  return steps
}

/** What undoes it. */
export function inverse(change: Change): Change {
  const isMirrored = change.some(({ kind }) => kind === 'mirrored')
  return change.map(({ kind, amount = 0 }): Step => {
    switch (kind) {
      // After a mirror, the same turn leads back.
      case 'turned':
        return { kind, amount: isMirrored ? amount : (360 - amount) % 360 }
      case 'rotated':
        return { kind, amount: isMirrored ? amount : -amount }
      case 'mirrored':
      case 'recoloured':
        return { kind }
      case 'overlaid':
        return { kind, amount }
      case 'cropped':
      case 'extended':
        return { kind: opposites[kind], amount }
      case 'scaled':
        return { kind, amount: percent(100 / amount) }
      default:
        return { kind: opposites[kind] }
    }
  })
}

const opposites = {
  cropped: 'extended',
  extended: 'cropped',
  framed: 'unframed',
  unframed: 'framed',
  grey: 'coloured',
  coloured: 'grey',
  brighter: 'darker',
  darker: 'brighter',
  more_contrast: 'less_contrast',
  less_contrast: 'more_contrast',
} as const

interface Sized {
  readonly width: number
  readonly height: number
}

/** With the scale, by the sizes of both files and what they share; not where a frame of unknown width is among it. */
export function withScale(change: Change, from: Sized | null, to: Sized | null): Change {
  if (!from || !to || change.some(({ kind }) => kind === 'framed' || kind === 'unframed')) return change // prettier-ignore
  const share = (kind: StepKind) => (change.find((step) => step.kind === kind)?.amount ?? 100) / 100
  const before = from.width * from.height * share('cropped')
  const after = to.width * to.height * share('extended')
  const amount = percent(Math.sqrt(after / before))
  return Math.abs(amount - 100) <= 3 ? change : [...change, { kind: 'scaled', amount }]
}

/** Such as "cropped to 71 %, mirrored". */
export function wordsOf(change: Change): string {
  if (change.length === 0) return 'recompressed'
  return change.map(wordsOfStep).join(', ')
}

function wordsOfStep({ kind, amount }: Step): string {
  switch (kind) {
    case 'turned':
      return `turned by ${amount}°`
    case 'rotated':
      return `rotated by ${amount}°`
    case 'cropped':
      return `cropped to ${amount} %`
    case 'extended':
      return `with more around ${amount} %`
    case 'overlaid':
      return `overlaid on ${amount} %`
    case 'scaled':
      return `scaled to ${amount} %`
    case 'unframed':
      return 'without its frame'
    case 'coloured':
      return 'in colour'
    case 'more_contrast':
      return 'with more contrast'
    case 'less_contrast':
      return 'with less contrast'
    default:
      return kind
  }
}

function percent(share: number): number {
  return Math.max(1, Math.round(share * 100))
}

function colourSteps({ colours: { a, b, turn } }: Agreement): Step[] {
  if (a > leastColour && b < a * greyShare) return [{ kind: 'grey' }]
  if (b > leastColour && a < b * greyShare) return [{ kind: 'coloured' }]
  const ratio = (b + leastColour) / (a + leastColour)
  return Math.abs(turn) > 12 || ratio > 1.4 || ratio < 0.7 ? [{ kind: 'recoloured' }] : []
}

function lightSteps({ gain, offset }: Agreement): Step[] {
  const middle = gain * 128 + offset - 128
  if (middle > 12) return [{ kind: 'brighter' }]
  if (middle < -12) return [{ kind: 'darker' }]
  if (gain > 1.15) return [{ kind: 'more_contrast' }]
  return gain < 0.87 ? [{ kind: 'less_contrast' }] : []
}

/** Whether what b shows beyond a is of one colour: a frame, and not more of the scene. */
function isPlainAround(a: Planes, b: Planes, { placement }: Pick<Agreement, 'placement'>): boolean {
  const { b: pixels, covered, width, height } = frameOf(a, b, placement, 1)
  let [count, sum, square] = [0, 0, 0]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      // Not where the picture itself begins, which is blurred.
      const far = [-blurred, 0, blurred].every((dy) =>
        [-blurred, 0, blurred].every((dx) => {
          const [atX, atY] = [x + dx, y + dy]
          const inside = atX >= 0 && atY >= 0 && atX < width && atY < height
          return !inside || covered[atY * width + atX] === 0
        }),
      )
      if (!far) continue
      const value = pixels[y * width + x]!
      count++
      sum += value
      square += value * value
    }
  }
  return count > 0 && Math.sqrt(Math.max(square / count - (sum / count) ** 2, 0)) < plain
}

function reversed({ placement }: Agreement): Pick<Agreement, 'placement'> {
  return { placement: inverted(placement) }
}
