import type { SQLOutputValue } from 'node:sqlite'
import type { ImageRecord, Metadata, VectorRecord } from '../../records/record.ts'

/** A row as SQLite returns it, columns by name. */
export type RecordRow = Record<string, SQLOutputValue>

export function toRecord(row: RecordRow): ImageRecord {
  return {
    id: row['id'] as string,
    imageUri: row['image_uri'] as string,
    description: row['description'] as string,
    ...(row['described_by'] === 'caller' && { describedBy: 'caller' }),
    metadata: JSON.parse(row['metadata'] as string) as Metadata,
    file:
      row['sha256'] === null
        ? null
        : {
            sha256: row['sha256'] as string,
            format: row['format'] as string,
            width: row['width'] as number,
            height: row['height'] as number,
            bytes: row['bytes'] as number,
            ...(row['phash'] !== null && { phash: row['phash'] as string }),
            ...(row['missing'] === 1 && { missing: true }),
          },
    embedderId: row['embedder'] as string | null,
    indexedAt: row['indexed_at'] as string | null,
  }
}

export function toVectorRecord(row: RecordRow): VectorRecord {
  return { ...toRecord(row), vector: toVector(row['vector'] as Uint8Array) }
}

/** Vectors are kept as little-endian 32-bit floats, as every machine that runs Node has them. */
export function toVector(blob: Uint8Array): Float32Array {
  const aligned = blob.byteOffset % 4 === 0 ? blob : blob.slice()
  return new Float32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4)
}
