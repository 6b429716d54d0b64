import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { ImageRecord, Metadata } from '../../types.ts'
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

/** What is to be done about a picture. */
export type Step =
  | { readonly kind: 'send'; readonly uri: string }
  | { readonly kind: 'update'; readonly record: ImageRecord; readonly metadata: Metadata }
  | { readonly kind: 'unchanged' | 'moved'; readonly record: ImageRecord }

export async function stepFor(parts: SyncParts, prepared: Prepared): Promise<Step> {
  const { source, uri, details, known } = prepared
  const same = known.find((record) => record.image_uri.trim() === uri.trim())
  const moved =
    same || 'url' in source ? undefined : await parts.moves.find(source, known, parts.scheme)
  const record = same ?? moved
  if (!record || !isComplete(record, details)) {
    return { kind: 'send', uri: record?.image_uri ?? uri }
  }
  const { metadata } = details
  if (metadata && !isDeepStrictEqual(metadata, record.metadata)) {
    return { kind: 'update', record, metadata }
  }
  return { kind: moved ? 'moved' : 'unchanged', record }
}

async function bringIn(parts: SyncParts, prepared: Prepared): Promise<Outcome> {
  const { source } = prepared
  const step = await stepFor(parts, prepared)
  if (step.kind === 'send') return send(parts, { ...prepared, uri: step.uri })
  const { record } = step
  if (step.kind !== 'update') return told(source, step.kind, record)
  await parts.patience.run((signal) =>
    parts.client.setMetadata(record.id, step.metadata, { signal }),
  )
  return told(source, 'updated', record)
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
