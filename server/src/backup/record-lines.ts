import { base64OfVector, vectorOfBase64 } from '../records/vectors.ts'
import type { VectorRecord } from '../records/record.ts'

/** A record as a line of `records.jsonl`, to the bit. */
export function lineOf(record: VectorRecord): string {
  return `${JSON.stringify({ ...record, vector: base64OfVector(record.vector) })}\n`
}

export function recordOfLine(line: string): VectorRecord {
  const { vector, ...record } = JSON.parse(line) as Omit<VectorRecord, 'vector'> & {
    vector: string
  }
  return { ...record, vector: vectorOfBase64(vector)! }
}
