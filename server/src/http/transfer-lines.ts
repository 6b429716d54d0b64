import type { z } from 'zod'
import { LookalikeError } from '../errors.ts'
import type { FileFacts, VectorRecord } from '../records/record.ts'
import { recordId } from '../records/record-id.ts'
import { vectorOfBase64 } from '../records/vectors.ts'
import { importedLine } from './parameters.ts'
import { exportCheckpoint } from './schemas.ts'

/** The most lines of one import: what is held in memory and written at once. */
export const mostLines = 500

/**
 * Reads an export, or a part of one: a record a line, checkpoints passed over.
 *
 * @param dimensions what every vector must have
 * @throws LookalikeError `invalid_parameter` naming the first line that is wrong
 */
export function readTransferLines(text: string, dimensions: number): VectorRecord[] {
  const lines = text.split('\n').map((line, at) => ({ line: line.trim(), number: at + 1 }))
  const filled = lines.filter(({ line }) => line !== '')
  if (filled.length > mostLines) {
    throw new LookalikeError(
      'invalid_parameter',
      `There are ${filled.length} lines: send at most ${mostLines} in one request, and the rest in further ones.`,
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
    return toRecord(parsed.data, dimensions, number)
  })
}

type Line = z.output<typeof importedLine>

function toRecord(line: Line, dimensions: number, number: number): VectorRecord {
  const vector = vectorOfBase64(line.vector)
  if (vector?.length !== dimensions) {
    throw badLine(number, `vector: must be ${dimensions} 32-bit floats, little-endian, in base64`)
  }
  const length = Math.hypot(...vector)
  if (!(Math.abs(length - 1) < 1e-3)) throw badLine(number, 'vector: must have the length 1')
  return {
    id: recordId(line.image_uri),
    imageUri: line.image_uri,
    description: line.description,
    ...(line.described_by && { describedBy: line.described_by }),
    metadata: line.metadata,
    file: factsOf(line),
    embedderId: line.embedder,
    indexedAt: line.indexed_at,
    vector,
  }
}

function factsOf({ sha256, format, width, height, bytes, phash }: Line): FileFacts | null {
  if (!sha256 || !format || !width || !height || !bytes) return null
  return { sha256, format, width, height, bytes, ...(phash !== null && { phash }) }
}

function parse(line: string, number: number): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw badLine(number, 'is not JSON')
  }
}

function badLine(number: number, reason: string): LookalikeError {
  return new LookalikeError(
    'invalid_parameter',
    `Line ${number}: ${reason}. Nothing of this request was stored; send lines as GET /api/export writes them.`,
  )
}
