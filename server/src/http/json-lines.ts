import { exportCheckpoint, importedLine, parseJson } from '@lookalike/contract'
import type { z } from 'zod'
import { LookalikeError } from '../errors.ts'
import type { VectorRecord } from '../records/record.ts'
import { vectorOfBase64 } from '../records/vectors.ts'
import { explainJson } from './plugins/json-bodies.ts'
import { fromWire } from './wire-record.ts'

/** How a library travels: a record a line. */
export const jsonLines = 'application/x-ndjson'

/** The most lines of one import: what is held in memory and written at once. */
export const maxLines = 500

/**
 * Reads an export, or a part of one: a record a line, checkpoints passed over.
 *
 * @param dimensions what every vector must have
 * @throws LookalikeError `invalid_parameter` naming the first line that is wrong
 */
export function readImportLines(text: string, dimensions: number): VectorRecord[] {
  const lines = text.split('\n').map((line, at) => ({ line: line.trim(), number: at + 1 }))
  const filled = lines.filter(({ line }) => line !== '')
  if (filled.length > maxLines) {
    throw new LookalikeError(
      'invalid_parameter',
      `There are ${filled.length} lines: send at most ${maxLines} in one request, and the rest in further ones.`,
    )
  }
  return filled.flatMap(({ line, number }) => {
    const value = parse(line, number)
    if (exportCheckpoint.safeParse(value).success) return []
    const parsed = importedLine.safeParse(value)
    if (!parsed.success) {
      const reasons = parsed.error.issues.map(
        ({ path, message }) => `${path.join('.')}: ${message}`,
      )
      throw badLine(number, reasons.join('; '))
    }
    return fromWire(parsed.data, readVector(parsed.data, dimensions, number))
  })
}

function readVector(
  line: z.output<typeof importedLine>,
  dimensions: number,
  number: number,
): Float32Array {
  const vector = vectorOfBase64(line.vector)
  if (vector?.length !== dimensions) {
    throw badLine(number, `vector: must be ${dimensions} 32-bit floats, little-endian, in base64`)
  }
  const length = Math.hypot(...vector)
  if (!(Math.abs(length - 1) < 1e-3)) throw badLine(number, 'vector: must have the length 1')
  return vector
}

function parse(line: string, number: number): unknown {
  try {
    return parseJson(line)
  } catch (error) {
    throw badLine(number, explainJson(error))
  }
}

function badLine(number: number, reason: string): LookalikeError {
  return new LookalikeError(
    'invalid_parameter',
    `Line ${number}: ${reason}. Nothing of this request was stored; send lines as GET /api/export writes them.`,
  )
}
