import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { LookalikeApiError, type ImageRecord } from '@lookalike/sdk'
import { recordId } from '../record-id.ts'
import { Stopped } from '../retry-policy.ts'
import { settle, type ImportDeps } from './import-job.ts'
import type { Details } from './metadata/details.ts'
import type { FileSource, Source, UrlSource } from './finding/sources.ts'

/** A picture and all that is known of it before anything is sent. */
export interface Prepared {
  readonly source: Source
  readonly uri: string
  readonly details: Details
  readonly sha256?: string
  /** Records with the very bytes of the file, or the URI of the address. */
  readonly known: ImageRecord[]
}

// Small enough that sending starts soon, large enough that asking costs little.
const batchSize = 64
/** Files of up to this many bytes are read at once: a photograph of 20 kB takes twice as long by a stream. */
const maxWholeRead = 1 << 20

/** Finds out what is known of each source; the next batch is prepared while one is being sent. */
export async function* prepareAll(deps: ImportDeps, sources: Source[]): AsyncGenerator<Prepared> {
  const prepareFrom = (at: number) => {
    const batch = prepareBatch(deps, sources.slice(at, at + batchSize))
    batch.catch(() => {}) // reported when it is awaited, unless it is no longer needed
    return batch
  }
  let next = prepareFrom(0)
  for (let at = 0; at < sources.length; at += batchSize) {
    const batch = await next
    if (deps.interrupt.stopping.aborted) return
    next = prepareFrom(at + batchSize)
    yield* batch
  }
}

async function prepareBatch(deps: ImportDeps, sources: Source[]): Promise<Prepared[]> {
  const slots: Prepared[][] = sources.map(() => [])
  const prepareOne = async (source: Source, at: number) => {
    await settle(deps, source, async () => {
      slots[at] = ['url' in source ? await prepareUrl(deps, source) : await prepareFile(deps, source)] // prettier-ignore
      return null
    })
  }
  await Promise.all(sources.map(prepareOne))
  return findKnown(deps, slots.flat()).catch((error: unknown) => {
    if (error instanceof Stopped) return []
    throw error
  })
}

async function prepareFile({ job }: ImportDeps, source: FileSource): Promise<Prepared> {
  const details = await job.detailsOf(source)
  const sha256 = await contentHash(source.path, job.maxBytes)
  const uri = details.imageUri ?? job.scheme.uriOf(source)
  return { source, uri, details, sha256, known: [] }
}

/** What lies behind an address is unknown until the server fetches it; only its URI can be asked for. */
async function prepareUrl(
  { job, client, retry }: ImportDeps,
  source: UrlSource,
): Promise<Prepared> {
  const details = await job.detailsOf(source)
  const uri = details.imageUri ?? source.url
  const record = await retry.run((signal) =>
    client.get(recordId(uri), { signal }).catch((error: unknown) => {
      if (error instanceof LookalikeApiError && error.problem.code === 'not_found') return null
      throw error
    }),
  )
  return { source, uri, details, known: record ? [record] : [] }
}

async function findKnown({ client, retry }: ImportDeps, prepared: Prepared[]): Promise<Prepared[]> {
  const hashes = [...new Set(prepared.flatMap(({ sha256 }) => sha256 ?? []))]
  if (hashes.length === 0) return prepared
  const records = await retry.run((signal) => client.lookup(hashes, { signal }))
  return prepared.map((one) =>
    one.sha256 ? { ...one, known: records.filter(({ sha256 }) => sha256 === one.sha256) } : one,
  )
}

/**
 * SHA-256 of a file's bytes, lower-case hex: what the server calls its content hash.
 *
 * @throws Error when the file cannot be read, or is larger than `maxBytes`
 */
async function contentHash(path: string, maxBytes: number): Promise<string> {
  const { size } = await stat(path)
  // Checked here, because the server could only refuse it after it has received all of it.
  if (size > maxBytes) {
    throw new Error(
      `The file has ${(size / 1e6).toFixed(1)} MB; the server accepts ${maxBytes / 1e6} MB ` +
        '(MAX_UPLOAD_MB). Send a smaller copy.',
    )
  }
  const hash = createHash('sha256')
  if (size <= maxWholeRead) return hash.update(await readFile(path)).digest('hex')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
