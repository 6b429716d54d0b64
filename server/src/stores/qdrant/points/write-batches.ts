import { LookalikeError } from '../../../errors.ts'
import type { VectorRecord } from '../../../records/record.ts'
import { type NewPoint, payloadOf } from './payload.ts'

const maxPoints = 128
/** Qdrant takes 32 MB, and cuts the connection on more without a word. */
export const maxRequestBytes = 30_000_000
/** A number of single precision as JSON writes it, with its comma. */
const bytesPerNumber = 23

/**
 * Records as points, in batches that a request may hold.
 *
 * @throws LookalikeError `invalid_parameter` for a record that is too large for any
 */
export function writeBatches(records: readonly VectorRecord[]): NewPoint[][] {
  const all: NewPoint[][] = []
  let bytes = Infinity
  for (const record of records) {
    const { id, vector } = record
    const payload = payloadOf(record)
    const size = Buffer.byteLength(JSON.stringify(payload)) + vector.length * bytesPerNumber
    if (size > maxRequestBytes) throw tooLarge(record, size)
    if (bytes + size > maxRequestBytes || all.at(-1)!.length === maxPoints) {
      all.push([])
      bytes = 0
    }
    all.at(-1)!.push({ id, vector, payload })
    bytes += size
  }
  return all
}

function tooLarge({ imageUri }: VectorRecord, size: number): LookalikeError {
  return new LookalikeError(
    'invalid_parameter',
    `The record of ${imageUri} has ${Math.round(size / 1e6)} MB with its metadata, and Qdrant takes 30. ` +
      'Give it less metadata.',
  )
}
