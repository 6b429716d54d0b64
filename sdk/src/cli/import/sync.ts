import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Client } from '../../client.ts'
import { LookalikeApiError } from '../../errors.ts'
import type { ImageRecord } from '../../types.ts'
import { concurrently } from '../concurrently.ts'
import { CommandError, reasonOf } from '../failure.ts'
import type { Interrupt } from '../interrupt.ts'
import { Stopped, type Patience } from '../patience.ts'
import { recordId } from '../record-id.ts'
import { contentHash } from './content-hash.ts'
import type { Details } from './details.ts'
import type { UriScheme } from './image-uri.ts'
import type { Moves } from './moves.ts'
import type { Outcome } from './report.ts'
import type { FileSource, Source, UrlSource } from './sources.ts'

export interface SyncParts {
  readonly client: Client
  readonly patience: Patience
  readonly interrupt: Interrupt
  readonly scheme: UriScheme
  readonly moves: Moves
  /** @throws Error when what is told about the picture cannot be read; the picture then fails */
  readonly detailsOf: (source: Source) => Promise<Details>
  /** Largest file the server accepts. */
  readonly maxBytes: number
  /** Pictures in flight at a time. */
  readonly width: number
  readonly onOutcome: (outcome: Outcome) => void
}

/** A picture and all that is known of it before anything is sent. */
interface Prepared {
  readonly source: Source
  readonly uri: string
  readonly details: Details
  readonly sha256?: string
  /** Records with the very bytes of the file, or the URI of the address. */
  readonly known: ImageRecord[]
}

// Small enough that hands do not wait long for the first batch, large enough that asking costs little.
const batchSize = 64

/**
 * Brings the library in step with the sources: asks what it has, and sends only what is new or
 * changed. Each source gets one outcome, unless the person stops the work before its turn.
 *
 * @throws CommandError when the server cannot be worked with at all
 */
export async function sync(parts: SyncParts, sources: Source[]): Promise<void> {
  await concurrently(prepareAll(parts, sources), parts.width, async (prepared) => {
    await settle(parts, prepared.source, () => bringIn(parts, prepared))
  })
}

/** Prepares the next batch while the one before is being sent. */
async function* prepareAll(parts: SyncParts, sources: Source[]): AsyncGenerator<Prepared> {
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
  const prepared: Prepared[] = []
  const prepareOne = async (source: Source) => {
    await settle(parts, source, async () => {
      prepared.push('url' in source ? await askForUrl(parts, source) : await hash(parts, source))
      return null
    })
  }
  await Promise.all(sources.map(prepareOne))
  return findKnown(parts, prepared).catch((error: unknown) => {
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
  const byHash = Map.groupBy(records, (record) => record.sha256)
  return prepared.map((one) => (one.sha256 ? { ...one, known: byHash.get(one.sha256) ?? [] } : one))
}

async function bringIn(parts: SyncParts, prepared: Prepared): Promise<Outcome> {
  const { source, uri, details, known } = prepared
  const same = known.find((record) => record.image_uri.trim() === uri.trim())
  const moved =
    same || 'url' in source ? undefined : await parts.moves.find(source, known, parts.scheme)
  const record = same ?? moved
  if (!record || !isComplete(record, details)) {
    return send(parts, { ...prepared, uri: record?.image_uri ?? uri })
  }
  if (details.metadata && !isDeepStrictEqual(details.metadata, record.metadata)) {
    const { metadata } = details
    await parts.patience.run((signal) => parts.client.setMetadata(record.id, metadata, { signal }))
    return told(source, 'updated', record)
  }
  return told(source, moved ? 'moved' : 'unchanged', record)
}

/** A record that came without its file, or is to be described in other words, has to be sent again. */
function isComplete(record: ImageRecord, { description }: Details): boolean {
  return record.image_url !== null && (!description || description === record.description)
}

async function send(parts: SyncParts, { source, uri, details }: Prepared): Promise<Outcome> {
  const { description, metadata } = details
  const options = {
    imageUri: uri,
    ...(description ? { description } : {}),
    ...(metadata ? { metadata } : {}),
  }
  const image =
    'url' in source ? source.url : new File([await readFile(source.path)], basename(source.path))
  const record = await parts.patience.run((signal) =>
    parts.client.index(image, { ...options, signal }),
  )
  return told(source, 'sent', record)
}

function told(source: Source, outcome: Outcome['outcome'], record: ImageRecord): Outcome {
  const { id, image_uri, sha256 } = record
  return { source: nameOf(source), outcome, id, image_uri, ...(sha256 ? { sha256 } : {}) }
}

/** One picture's trouble is its own: it is noted, and the others go on. */
async function settle(
  { onOutcome }: SyncParts,
  source: Source,
  work: () => Promise<Outcome | null>,
): Promise<void> {
  try {
    const outcome = await work()
    if (outcome) onOutcome(outcome)
  } catch (error) {
    if (error instanceof Stopped) return
    if (error instanceof CommandError) throw error
    onOutcome({ source: nameOf(source), outcome: 'failed', reason: reasonOf(error) })
  }
}

function nameOf(source: Source): string {
  return 'url' in source ? source.url : source.path
}
