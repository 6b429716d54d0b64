import { z } from 'zod'
import { unitVector, vectorOfBase64 } from '../records/vectors.ts'
import { rejected } from './provider-errors.ts'

interface Expected {
  readonly model: string
  /** Undefined where any length will do, as long as it is one. */
  readonly dimensions: number | undefined
  /** The setting that holds `dimensions`. */
  readonly dimensionsSetting: string
  /** Texts, or pictures, that were sent. */
  readonly count: number
}

const numbers = z.array(z.number())
/** Some servers leave out an index of zero, or all of them, and some pack a vector into a list of one. */
const embeddingAnswer = z.object({
  data: z.array(
    z.object({
      index: z.int().nullish(),
      embedding: z.union([numbers, z.tuple([numbers]).transform(([only]) => only), z.base64()]),
    }),
  ),
})
type Row = z.output<typeof embeddingAnswer>['data'][number]

/**
 * The vectors of an answer in the order of the texts, at unit length.
 *
 * @throws LookalikeError `provider_rejected` unless there is one of the right length, finite and with a
 *   direction, for each text
 */
export function readVectors(answer: unknown, expected: Expected): Float32Array[] {
  const { model, count } = expected
  const parsed = embeddingAnswer.safeParse(answer)
  if (!parsed.success) throw rejected(model, 'its answer is malformed.', parsed.error)
  const rows = inOrder(parsed.data.data)
  if (rows?.length !== count) {
    throw rejected(model, `it returned ${parsed.data.data.length} vectors for ${count} inputs, or numbered them otherwise.`) // prettier-ignore
  }
  return rows.map(({ embedding }) => readVector(embedding, expected))
}

/** By index; by position where there is no index to go by. Null when the indices contradict each other. */
function inOrder(rows: Row[]): Row[] | null {
  const given = rows.filter(({ index }) => index !== undefined && index !== null)
  const isUnnumbered =
    given.length === 0 || (rows.length > 1 && rows.every(({ index }) => index === 0))
  if (isUnnumbered) return rows
  const ordered = rows.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0))
  return ordered.every(({ index }, at) => (index ?? 0) === at) ? ordered : null
}

function readVector(embedding: Row['embedding'], expected: Expected): Float32Array {
  const { model, dimensions } = expected
  const vector =
    typeof embedding === 'string' ? vectorOfBase64(embedding) : new Float32Array(embedding)
  if (!vector)
    throw rejected(model, 'its answer is malformed: a vector in base64 is not whole floats.')
  if (dimensions !== undefined && vector.length !== dimensions)
    throw wrongLength(vector.length, expected)
  // Looked at as 32-bit floats, in which larger numbers are infinite and smaller ones zero.
  if (!vector.every(Number.isFinite)) {
    throw rejected(
      model,
      'its vector has numbers that are not finite, or too large for 32-bit floats.',
    )
  }
  if (vector.every((value) => value === 0)) throw rejected(model, 'its vector is all zeros.')
  return unitVector(vector)
}

function wrongLength(length: number, { model, dimensions, dimensionsSetting }: Expected) {
  return rejected(
    model,
    `its vector has ${length} numbers instead of ${dimensions}. ` +
      `If this model always makes that many, set ${dimensionsSetting}=${length}.`,
  )
}
