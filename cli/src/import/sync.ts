import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { ImageRecord } from '@lookalike/sdk'
import { concurrently } from '../concurrently.ts'
import type { Details } from './details.ts'
import { prepareAll, type Prepared } from './prepare.ts'
import type { Outcome } from './report.ts'
import type { Source } from './sources.ts'
import { nameOf, settle, type SyncParts } from './sync-parts.ts'

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

/**
 * What came without its file, was indexed before pictures got a perceptual hash, or is to be described
 * in other words, has to be sent again; the first two are not embedded again.
 */
function isComplete(record: ImageRecord, { description }: Details): boolean {
  const { image_url, phash } = record
  const isWhole = image_url !== null && phash !== null
  return isWhole && (!description || description === record.description)
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
