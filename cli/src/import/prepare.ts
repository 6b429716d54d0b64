import { LookalikeApiError, type ImageRecord } from '@lookalike/sdk'
import { Stopped } from '../patience.ts'
import { recordId } from '../record-id.ts'
import { contentHash } from './content-hash.ts'
import type { Details } from './details.ts'
import type { FileSource, Source, UrlSource } from './sources.ts'
import { settle, type SyncParts } from './sync-parts.ts'

/** A picture and all that is known of it before anything is sent. */
export interface Prepared {
  readonly source: Source
  readonly uri: string
  readonly details: Details
  readonly sha256?: string
  /** Records with the very bytes of the file, or the URI of the address. */
  readonly known: ImageRecord[]
}

// Small enough that hands do not wait long for the first batch, large enough that asking costs little.
const batchSize = 64

/** Finds out what is known of each source; the next batch is prepared while one is being sent. */
export async function* prepareAll(parts: SyncParts, sources: Source[]): AsyncGenerator<Prepared> {
  const prepareFrom = (at: number) => {
    const batch = prepareBatch(parts, sources.slice(at, at + batchSize))
    batch.catch(() => {}) // reported when it is awaited, unless nobody wants it any more
    return batch
  }
  let next = prepareFrom(0)
  for (let at = 0; at < sources.length; at += batchSize) {
    const batch = await next
    if (parts.interrupt.stopping.aborted) return
    next = prepareFrom(at + batchSize)
    yield* batch
  }
}

async function prepareBatch(parts: SyncParts, sources: Source[]): Promise<Prepared[]> {
  const slots: Prepared[][] = sources.map(() => [])
  const prepareOne = async (source: Source, at: number) => {
    await settle(parts, source, async () => {
      slots[at] = ['url' in source ? await askForUrl(parts, source) : await hash(parts, source)]
      return null
    })
  }
  await Promise.all(sources.map(prepareOne))
  return findKnown(parts, slots.flat()).catch((error: unknown) => {
    if (error instanceof Stopped) return []
    throw error
  })
}

async function hash(parts: SyncParts, source: FileSource): Promise<Prepared> {
  const details = await parts.detailsOf(source)
  const sha256 = await contentHash(source.path, parts.maxBytes)
  const uri = details.imageUri ?? parts.scheme.uriOf(source)
  return { source, uri, details, sha256, known: [] }
}

/** What lies behind an address is unknown until the server fetches it; only its URI can be asked for. */
async function askForUrl(parts: SyncParts, source: UrlSource): Promise<Prepared> {
  const details = await parts.detailsOf(source)
  const uri = details.imageUri ?? source.url
  const record = await parts.patience.run((signal) =>
    parts.client.get(recordId(uri), { signal }).catch((error: unknown) => {
      if (error instanceof LookalikeApiError && error.problem.code === 'not_found') return null
      throw error
    }),
  )
  return { source, uri, details, known: record ? [record] : [] }
}

async function findKnown(parts: SyncParts, prepared: Prepared[]): Promise<Prepared[]> {
  const hashes = [...new Set(prepared.flatMap(({ sha256 }) => sha256 ?? []))]
  if (hashes.length === 0) return prepared
  const records = await parts.patience.run((signal) => parts.client.lookup(hashes, { signal }))
  return prepared.map((one) =>
    one.sha256 ? { ...one, known: records.filter(({ sha256 }) => sha256 === one.sha256) } : one,
  )
}
