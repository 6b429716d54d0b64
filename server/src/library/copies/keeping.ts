import type { StepKind } from '../../images/comparison/change.ts'
import type { FileFacts, ImageRecord } from '../../records/record.ts'
import type { Verdicts } from './same-picture.ts'

/** What decides which of two records is better kept. */
export interface Standing extends Pick<ImageRecord, 'id' | 'indexedAt'> {
  readonly file: Pick<FileFacts, 'sha256' | 'width' | 'height' | 'bytes'> | null
  /** How many keys its metadata has. */
  readonly details: number
}

export function standingOf({ id, indexedAt, file, metadata }: ImageRecord): Standing {
  return { id, indexedAt, file, details: Object.keys(metadata).length }
}

/** What says, of a change that leads from a picture to another, that the first one had lost something. */
const losses: readonly StepKind[] = ['extended', 'unframed', 'coloured']

/**
 * The records of one picture, the best kept first: the largest and least changed. What was cut off, framed or turned
 * grey stands behind one of a quarter of its pixels that was not. Then the one that the others were most simply made from,
 * the one with more metadata, with more bytes (less compressed), the one that was here first.
 */
export function byKeeping<S extends Standing>(known: Verdicts, members: readonly S[]): S[] {
  const present = new Set(members.map(({ file }) => file?.sha256))
  const ranks = new Map(members.map((each) => [each, rankOf(known, each, present)]))
  return members.toSorted((one, other) => {
    const [a, b] = [ranks.get(one)!, ranks.get(other)!]
    return b.size - a.size || a.steps - b.steps || other.details - one.details || byFile(one, other)
  })
}

/** The same for pictures of which nothing else is known. */
export function byFile(a: Standing, b: Standing): number {
  return (
    pixelsOf(b) - pixelsOf(a) ||
    (b.file?.bytes ?? 0) - (a.file?.bytes ?? 0) ||
    compare(a.indexedAt ?? '', b.indexedAt ?? '') ||
    compare(a.id, b.id)
  )
}

interface Rank {
  /** Doublings of the sides, less one for each kind of loss. */
  readonly size: number
  /** From it to the others, on average. */
  readonly steps: number
}

/** More than most changes have: what was not compared is not near. */
const unknownSteps = 3

function rankOf(known: Verdicts, each: Standing, present: Set<string | undefined>): Rank {
  const size = Math.log2(pixelsOf(each)) / 2
  if (!each.file || present.size < 2) return { size, steps: 0 }
  const lost = new Set<StepKind>()
  let [steps, copies] = [0, 0]
  for (const [other, change] of known.of(each.file.sha256)) {
    if (!present.has(other)) continue
    copies++
    steps += change.length
    for (const { kind } of change) if (losses.includes(kind)) lost.add(kind)
  }
  return {
    size: size - lost.size,
    steps: (steps + unknownSteps * (present.size - 1 - copies)) / (present.size - 1),
  }
}

function pixelsOf({ file }: Standing): number {
  return file ? file.width * file.height : 1
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
