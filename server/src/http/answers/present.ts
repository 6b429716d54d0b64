import { isIPv6, type Socket } from 'node:net'
import type { ExportedRecord, ImageRecord as WireRecord, SearchResponse } from '@lookalike/contract'
import type { FastifyRequest } from 'fastify'
import type { ImageRecord, Metadata, VectorRecord } from '../../records/record.ts'
import type { JudgedHit } from '../../library/calibration/judge.ts'
import type { SearchOutcome } from '../../library/searching/search.ts'
import type { Timings } from '../../library/stages.ts'
import { snakeCased } from './snake-case.ts'
import { toWireChange, toWireDuplicate } from './wire-change.ts'
import { factsToWire, toExported, toWire } from './wire-record.ts'

/** Turns what use cases return into what the API answers with, links included. */
export interface Presenter {
  /** The address of a path of this server. */
  link(path: string): string
  record(record: ImageRecord): WireRecord
  /** @param embedder that of the library */
  exported(record: VectorRecord, embedder: string): ExportedRecord
  search(outcome: SearchOutcome, embedder: string, timings: Timings): SearchResponse
}

/** @param publicUrl when not given, links lead to the address that this request was sent to */
export function presenterFor(request: FastifyRequest, publicUrl: string | undefined): Presenter {
  const base = publicUrl ?? `${request.protocol}://${request.host || addressOf(request.socket)}`
  const links = (record: ImageRecord) => {
    if (!record.file || record.file.missing) {
      const elsewhere = publicAddress(record.metadata)
      return { image_url: elsewhere, thumbnail_url: elsewhere }
    }
    const path = `${base}/api/images/${record.id}`
    const version = `v=${fileVersion(record.file.sha256)}`
    return { image_url: `${path}/file?${version}`, thumbnail_url: `${path}/thumbnail?${version}` }
  }
  const present = (record: ImageRecord) => toWire(record, links(record))
  return {
    link: (path) => `${base}${path}`,
    record: present,
    exported: (record, embedder) => toExported(record, links(record), embedder),
    search: (outcome, embedder, timings) => {
      const { query, hits, named, nearest, duplicates, copies, calibration, cutScore, note } =
        outcome
      const result = ({ record, score, match, surprise }: JudgedHit) => {
        const { id, image_uri, description, tags, metadata, width, height, ...rest } =
          present(record)
        const { image_url, thumbnail_url, thumbhash } = rest
        return {
          id,
          image_uri,
          score,
          match,
          surprise,
          found_by: named.has(record.id) ? ('words' as const) : ('likeness' as const),
          description,
          tags,
          metadata,
          image_url,
          thumbnail_url,
          width,
          height,
          thumbhash,
          ...toWireChange(copies.get(record.id), query.file, record.file),
          duplicate_of: toWireDuplicate(duplicates.get(record.id), record.file),
        }
      }
      return {
        query_image: query.description,
        query: { filename: query.filename, ...factsToWire(query.file) },
        results: hits.map(result),
        total_found: hits.length,
        calibration,
        cut_score: cutScore,
        nearest: nearest && result(nearest),
        note,
        // Without a search, as in an empty library, nothing can have been missed.
        engine: outcome.notes.engine ?? 'exact',
        ...(outcome.notes.walk && { walk: outcome.notes.walk }),
        coverage: outcome.notes.coverage ?? 'all',
        embedder,
        cached: outcome.cached,
        timings_ms: timings,
        usage: snakeCased(outcome.usage),
      }
    },
  }
}

/** Where a request came in that names no host, as HTTP/1.0 allows. */
function addressOf({ localAddress = '', localPort }: Socket): string {
  const address = localAddress.replace(/^::ffff:/, '')
  return `${isIPv6(address) ? `[${address}]` : address}:${localPort}`
}

/** Part of the links to a file, so that other bytes have another address and these can be kept. */
export function fileVersion(sha256: string): string {
  return sha256.slice(0, 16)
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
