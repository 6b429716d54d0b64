import type { FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { ImageRecord, Metadata } from '../records/record.ts'
import type { SearchOutcome } from '../library/search.ts'
import type { Timings } from '../library/stages.ts'
import type { imageRecord, searchResponse } from './schemas.ts'

/** Turns what use cases return into what the API answers with, links included. */
export interface Presenter {
  record(record: ImageRecord): z.output<typeof imageRecord>
  search(
    outcome: SearchOutcome,
    embedder: string,
    timings: Timings,
  ): z.output<typeof searchResponse>
}

/** @param publicUrl when not given, links lead to the address that this request was sent to */
export function presenterFor(request: FastifyRequest, publicUrl: string | undefined): Presenter {
  const base = publicUrl ?? `${request.protocol}://${request.host}`
  const links = (record: ImageRecord) => {
    if (!record.file || record.file.missing) {
      const elsewhere = publicAddress(record.metadata)
      return { image_url: elsewhere, thumbnail_url: elsewhere }
    }
    const path = `${base}/api/images/${record.id}`
    const version = `v=${fileVersion(record.file.sha256)}`
    return { image_url: `${path}/file?${version}`, thumbnail_url: `${path}/thumbnail?${version}` }
  }
  return {
    record: (record) => ({
      id: record.id,
      image_uri: record.imageUri,
      description: record.description,
      described_by: record.describedBy ?? null,
      metadata: record.metadata,
      ...fileFacts(record),
      phash: record.file?.phash ?? null,
      embedder: record.embedderId,
      indexed_at: record.indexedAt,
      ...links(record),
    }),
    search: ({ query, hits, duplicates, cached, usage }, embedder, timings) => ({
      query_image: {
        filename: query.filename,
        description: query.description,
        ...fileFacts(query),
      },
      results: hits.map(({ record, score }) => ({
        id: record.id,
        image_uri: record.imageUri,
        score,
        description: record.description,
        metadata: record.metadata,
        ...links(record),
        width: record.file?.width ?? null,
        height: record.file?.height ?? null,
        duplicate_of: duplicates.get(record.id) ?? null,
      })),
      total_found: hits.length,
      embedder,
      cached,
      timings_ms: timings,
      usage: { ...usage },
    }),
  }
}

/** Part of the links to a file, so that other bytes have another address and these can be kept. */
export function fileVersion(sha256: string): string {
  return sha256.slice(0, 16)
}

function fileFacts({ file }: Pick<ImageRecord, 'file'>) {
  return {
    sha256: file?.sha256 ?? null,
    width: file?.width ?? null,
    height: file?.height ?? null,
    format: file?.format ?? null,
    bytes: file?.bytes ?? null,
  }
}

/** Records that another program wrote may say where their picture can be seen. */
function publicAddress(metadata: Metadata): string | null {
  for (const key of ['public_url', 'gcs_url']) {
    const value = metadata[key]
    if (typeof value !== 'string') continue
    const address = value.replace(/^gs:\/\//, 'https://storage.googleapis.com/')
    if (/^https?:\/\//.test(address)) return address
  }
  return null
}
