import type { ExportedRecord } from '@lookalike/sdk'
import { recordId } from '../../src/records/record-id.ts'

/** The vector of a record that nobody searches by: of unit length, all numbers the same. */
export function plainVector(dimensions: number): Float32Array {
  return Float32Array.from({ length: dimensions }, () => dimensions ** -0.5)
}

/**
 * A record as an export has it, whose file is not there: what is known of a picture without the picture.
 *
 * @param library the embedder that is said to have made the vector
 */
export function exportedRecord(
  library: { id: string; dimensions: number },
  uri: string,
  facts: Partial<ExportedRecord> & { sha256: string },
): ExportedRecord {
  return {
    id: recordId(uri),
    image_uri: uri,
    description: '',
    described_by: null,
    tags: [],
    metadata: {},
    width: 10,
    height: 10,
    format: 'jpeg',
    bytes: 1000,
    phash: '',
    thumbhash: null,
    embedder: library.id,
    indexed_at: null,
    image_url: null,
    thumbnail_url: null,
    vector: Buffer.from(plainVector(library.dimensions).buffer).toString('base64'),
    ...facts,
  }
}
