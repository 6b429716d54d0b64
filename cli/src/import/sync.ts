import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { LookalikeApiError, type ImageRecord } from '@lookalike/sdk'
import { concurrently } from '../concurrently.ts'
import { recordId } from '../record-id.ts'
import { settle, type ImportDeps } from './import-job.ts'
import type { Details } from './metadata/details.ts'
import { prepareAll, type Prepared } from './prepare.ts'
import type { Outcome } from './report.ts'
import { nameOf, pictureKindOf, type FileSource, type Source } from './finding/sources.ts'

/**
 * Brings the library in step with the sources: asks what it has, and sends only what is new or
 * changed. Each source gets one outcome, unless the person stops the work before its turn.
 *
 * @throws CommandError when the server cannot be worked with at all
 */
export async function sync(deps: ImportDeps, sources: Source[]): Promise<void> {
  await concurrently(prepareAll(deps, sources), deps.job.concurrency, async (prepared) => {
    await settle(deps, prepared.source, () => bringIn(deps, prepared))
  })
}

async function bringIn(deps: ImportDeps, prepared: Prepared): Promise<Outcome> {
  const { job, client, retry } = deps
  const { source, uri, details, known } = prepared
  const same = known.find((record) => record.image_uri.trim() === uri.trim())
  const moved =
    same || 'url' in source ? undefined : await job.movedFiles.find(source, known, job.scheme)
  const record = same ?? moved
  if (!record || !isComplete(record, details)) {
    const target = record?.image_uri ?? uri
    const keeps = details.isEmbedded && (record || (await hasRecord(deps, target)))
    const sent = keeps ? { ...details, metadata: undefined } : details
    return send(deps, { ...prepared, uri: target, details: sent })
  }
  if (
    details.metadata &&
    !details.isEmbedded &&
    !isDeepStrictEqual(details.metadata, record.metadata)
  ) {
    const { metadata } = details
    await retry.run((signal) => client.setMetadata(record.id, metadata, { signal }))
    return outcomeOf(source, 'updated', record)
  }
  return outcomeOf(source, moved ? 'moved' : 'unchanged', record)
}

/** Of a file that was edited, the library knows the URI and not the bytes. */
async function hasRecord({ client, retry }: ImportDeps, uri: string): Promise<boolean> {
  return retry.run((signal) =>
    client.get(recordId(uri), { signal }).then(
      () => true,
      (error: unknown) => {
        if (error instanceof LookalikeApiError && error.problem.code === 'not_found') return false
        throw error
      },
    ),
  )
}

/**
 * What came without its file, was indexed before pictures got a perceptual hash, or is to be described
 * in other words, has to be sent again; the first two are not embedded again.
 */
function isComplete(record: ImageRecord, { description }: Details): boolean {
  const { image_url, phash } = record
  const isWhole = image_url !== null && phash !== null
  return isWhole && (!description || description === record.description)
}

async function send(
  { client, retry }: ImportDeps,
  { source, uri, details, sha256 }: Prepared,
): Promise<Outcome> {
  const { description, metadata } = details
  const options = {
    imageUri: uri,
    // It was read here, or is to be left out; a later import would take what the server adds for a change.
    embeddedMetadata: false,
    ...(description ? { description } : {}),
    ...(metadata ? { metadata } : {}),
  }
  const image =
    'url' in source
      ? source.url
      : new File([await readUnchanged(source, sha256)], basename(source.path))
  const record = await retry.run((signal) => client.index(image, { ...options, signal }))
  return outcomeOf(source, 'sent', record)
}

/** A file that is still being written would come in half. */
async function readUnchanged(
  { path }: FileSource,
  sha256: string | undefined,
): Promise<Buffer<ArrayBuffer>> {
  const bytes = await readFile(path)
  if (createHash('sha256').update(bytes).digest('hex') === sha256) return bytes
  throw new Error('It changed while it was read. Import it again when it is finished.')
}

function outcomeOf(source: Source, outcome: Outcome['outcome'], record: ImageRecord): Outcome {
  const { id, image_uri, sha256 } = record
  const kind = pictureKindOf(source)
  return { source: nameOf(source), outcome, kind, id, image_uri, ...(sha256 ? { sha256 } : {}) }
}
