import { exportCheckpoint, importedRecord, maxImported, parseJson } from '@lookalike/contract'
import type { z } from 'zod'
import { LookalikeError } from '../../errors.ts'
import type { VectorRecord } from '../../records/record.ts'
import { isUnit, unitVector, vectorOfBase64 } from '../../records/vectors.ts'
import { explainJson } from '../plugins/json-bodies.ts'
import { yieldToOthers } from '../../yield-to-others.ts'
import { fromWire } from './wire-record.ts'

/** How a library travels: a record a line. */
export const jsonLines = 'application/x-ndjson'

/** Lines that are read before others have their turn: some milliseconds. */
const readAtOnce = 50

/**
 * Reads an export, or a part of one: a record a line, checkpoints passed over.
 *
 * @param dimensions what every vector must have
 * @throws LookalikeError `invalid_parameter` naming the first line that is wrong
 */
export async function readImportLines(text: string, dimensions: number): Promise<VectorRecord[]> {
  const lines = text.split('\n').map((line, at) => ({ line: line.trim(), number: at + 1 }))
  const filled = lines.filter(({ line }) => line !== '')
  refuseMore(filled.length, 'lines')
  const records: VectorRecord[] = []
  for (const [at, { line, number }] of filled.entries()) {
    if (at % readAtOnce === readAtOnce - 1) await yieldToOthers()
    const record = readImportLine(line, number, dimensions)
    if (record) records.push(record)
  }
  return records
}

/** Null for a checkpoint. */
function readImportLine(line: string, number: number, dimensions: number): VectorRecord | null {
  const value = parse(line, number)
  if (exportCheckpoint.safeParse(value).success) return null
  const parsed = importedRecord.safeParse(value)
  if (!parsed.success) {
    const reasons = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw refusal(`Line ${number}`, reasons.join('; '))
  }
  return fromWire(parsed.data, readVector(parsed.data, dimensions, `Line ${number}`))
}

/** The same of records that came as JSON, and were read by their schema. */
export function readImportRecords(
  records: readonly Imported[],
  dimensions: number,
): VectorRecord[] {
  refuseMore(records.length, 'records')
  return records.map((record, at) =>
    fromWire(record, readVector(record, dimensions, `records.${at}`)),
  )
}

type Imported = z.output<typeof importedRecord>

function refuseMore(count: number, what: string): void {
  if (count <= maxImported) return
  throw new LookalikeError(
    'invalid_parameter',
    `There are ${count} ${what}: send at most ${maxImported} in one request, and the rest in further ones.`,
  )
}

/** @param place where the record stands, for the error */
function readVector(record: Imported, dimensions: number, place: string): Float32Array {
  const vector = vectorOfBase64(record.vector)
  if (vector?.length !== dimensions) {
    throw refusal(place, `vector: must be ${dimensions} 32-bit floats, little-endian, in base64`)
  }
  const length = Math.hypot(...vector)
  if (!(Math.abs(length - 1) < 1e-3)) throw refusal(place, 'vector: must have the length 1')
  // Exports keep the bits; what another program rounded is brought to the length that cosines need.
  return isUnit(vector) ? vector : unitVector(vector)
}

function parse(line: string, number: number): unknown {
  try {
    return parseJson(line)
  } catch (error) {
    throw refusal(`Line ${number}`, explainJson(error))
  }
}

function refusal(place: string, reason: string): LookalikeError {
  return new LookalikeError(
    'invalid_parameter',
    `${place}: ${reason}. Nothing of this request was stored; send lines as GET /api/export writes them.`,
  )
}
