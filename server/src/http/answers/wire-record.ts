import type { ExportedRecord, ImageRecord as WireRecord, importedRecord } from '@lookalike/contract'
import type { z } from 'zod'
import type { FileFacts, ImageRecord, VectorRecord } from '../../records/record.ts'
import { recordId } from '../../records/record-id.ts'
import { base64OfVector } from '../../records/vectors.ts'

/** How a record travels: the only place that knows both its forms. */

type Links = Pick<WireRecord, 'image_url' | 'thumbnail_url'>
type Facts = Pick<WireRecord, 'sha256' | 'width' | 'height' | 'format' | 'bytes'>

export function toWire(record: ImageRecord, links: Links): WireRecord {
  return {
    id: record.id,
    image_uri: record.imageUri,
    description: record.description,
    described_by: record.describedBy ?? null,
    tags: [...(record.tags ?? [])],
    metadata: record.metadata,
    ...factsToWire(record.file),
    phash: record.file?.phash ?? null,
    thumbhash: record.file?.thumbhash ?? null,
    embedder: record.embedderId,
    indexed_at: record.indexedAt,
    ...links,
  }
}

/** @param embedder that of the library: a record of another program names none, and moves as this one's */
export function toExported(record: VectorRecord, links: Links, embedder: string): ExportedRecord {
  return {
    ...toWire(record, links),
    embedder: record.embedderId ?? embedder,
    vector: base64OfVector(record.vector),
  }
}

/** @param vector that of the line, read and checked */
export function fromWire(
  line: z.output<typeof importedRecord>,
  vector: Float32Array,
): VectorRecord {
  return {
    id: recordId(line.image_uri),
    imageUri: line.image_uri,
    description: line.description,
    ...(line.described_by && { describedBy: line.described_by }),
    ...(line.tags && line.tags.length > 0 && { tags: line.tags }),
    metadata: line.metadata,
    file: factsFromWire(line),
    embedderId: line.embedder,
    indexedAt: line.indexed_at,
    vector,
  }
}

export function factsToWire(file: FileFacts | null): Facts {
  return {
    sha256: file?.sha256 ?? null,
    width: file?.width ?? null,
    height: file?.height ?? null,
    format: file?.format ?? null,
    bytes: file?.bytes ?? null,
  }
}

/** Null unless all are there. */
function factsFromWire({
  sha256,
  format,
  width,
  height,
  bytes,
  phash,
  thumbhash,
}: z.output<typeof importedRecord>): FileFacts | null {
  if (!sha256 || !format || !width || !height || !bytes) return null
  return {
    sha256,
    format,
    width,
    height,
    bytes,
    ...(phash !== null && { phash }),
    ...(thumbhash && { thumbhash }),
  }
}
