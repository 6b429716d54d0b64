import {
  noUsage,
  type Embedded,
  type EmbedContext,
  type Embedder,
  type Usage,
} from '../../embedders/embedder.ts'
import { encodeThumbnail, isOwnThumbnail } from '../../images/encode.ts'
import { stripMetadata } from '../../images/stripping/strip.ts'
import type { NormalisedImage } from '../../images/image.ts'
import { perceptualHash } from '../../images/perceptual-hash.ts'
import { thumbHash } from '../../images/thumb-hash.ts'
import type { FileFacts, ImageRecord, Metadata, VectorRecord } from '../../records/record.ts'
import { recordId } from '../../records/record-id.ts'
import type { LibraryDeps, Upload } from '../deps.ts'
import { removeUnusedFiles } from '../unused-files.ts'
import { completedMetadata, isSame } from './embedded-metadata.ts'
import { mintedUri } from './minted-uri.ts'
import { embedContext, type Run } from '../stages.ts'

export interface IndexOptions {
  /** The image's identity; minted from the content hash when not given. */
  readonly imageUri?: string | undefined
  /** Replaces what is stored; kept as it is when not given. */
  readonly metadata?: Metadata | undefined
  /** false: what the picture says of itself stays out, whatever the settings say. */
  readonly embeddedMetadata?: boolean | undefined
  /** The caller's own words, instead of the embedder's. */
  readonly description?: string | undefined
}

export interface IndexOutcome {
  readonly record: ImageRecord
  readonly outcome: 'created' | 'updated' | 'unchanged'
  /** True when no model was asked, because the answer was known. */
  readonly cached: boolean
  readonly usage: Usage
}

/**
 * Adds an image to the library, or brings its record up to date. Bytes already indexed under the same
 * URI cost no decoding and no embedding.
 */
export async function indexImage(
  deps: LibraryDeps,
  upload: Upload,
  options: IndexOptions,
  run: Run,
): Promise<IndexOutcome> {
  const imageUri = options.imageUri?.trim() || (await mintedUri(deps, upload.sha256))
  const id = recordId(imageUri)
  // Two requests for one URI must not each believe that they are the first.
  return deps.locks.run(id, () => indexAs(deps, upload, { ...options, imageUri, id }, run))
}

async function indexAs(
  deps: LibraryDeps,
  upload: Upload,
  options: IndexOptions & { imageUri: string; id: string },
  run: Run,
): Promise<IndexOutcome> {
  const { id, imageUri } = options
  const { stages } = run
  // The one that makes the vector is the one the record names, also when the library is exchanged meanwhile.
  const { embedder } = deps
  const [before] = await deps.store.getWithVectors([id])
  // Read while the picture is decoded and embedded.
  const completing =
    options.embeddedMetadata === false
      ? options.metadata
      : completedMetadata(deps, upload, options.metadata, before)
  // What fails before it is waited for is told by whoever waits; until then it is nobody's.
  if (completing instanceof Promise) completing.catch(() => {})
  const original = await originalOf(deps, upload)
  const kept = before && isCurrent(before, embedder, upload, options) ? before : undefined
  if (
    kept?.file?.bytes === original.bytes &&
    isLookedAt(kept.file) &&
    (await isWhole(deps, kept.file))
  ) {
    return refreshMetadata(deps, kept, await completing)
  }
  // Before anything is decoded or paid for. A file on the disk has its room already.
  deps.assertRoom(typeof original.source === 'string' ? 0 : original.bytes)
  stages.begin('decode')
  const image = await deps.decode(original.source, run)
  run.signal.throwIfAborted()
  const context = { ...embedContext(run), file: upload.sha256 }
  const embedded = kept
    ? { ...kept, usage: noUsage, cached: true }
    : await deps.embedding.run(run, () => embed(embedder, image, options.description, context))
  const file = { ...(await factsOf(image)), sha256: upload.sha256, bytes: original.bytes }
  const record: VectorRecord = {
    id,
    imageUri,
    description: options.description ?? embedded.description,
    ...(isCallers(options, kept) && { describedBy: 'caller' }),
    ...(embedded.tags && embedded.tags.length > 0 && { tags: embedded.tags }),
    metadata: (await completing) ?? before?.metadata ?? {},
    file,
    embedderId: embedder.id,
    indexedAt: new Date().toISOString(),
    vector: embedded.vector,
  }
  // Before the record is there: a process that dies leaves word of it.
  if (!kept && 'isInterim' in embedded) deps.namer.mark(id, embedded.measured ?? '')
  stages.begin('store')
  const thumbnail = isOwnThumbnail(file) ? null : await encodeThumbnail(image)
  await deps.locks.run(upload.sha256, async () => {
    // Files first: a crash in between leaves a file without a record, never a record without its file.
    if (thumbnail) await deps.files.put('thumbnail', upload.sha256, thumbnail)
    await deps.files.put('original', upload.sha256, original.source)
    await deps.store.upsert([record, ...(await sharersOf(deps, record))])
  })
  if (before?.file && before.file.sha256 !== upload.sha256) {
    await removeUnusedFiles(deps, [before.file.sha256])
  }
  const { vector: _, ...stored } = record
  return {
    record: stored,
    outcome: before ? 'updated' : 'created',
    cached: embedded.cached ?? false,
    usage: embedded.usage,
  }
}

/** Whether all is known of it that the pixels tell: older records lack what later versions made of them. */
function isLookedAt({ phash, thumbhash }: FileFacts): boolean {
  return phash !== undefined && thumbhash !== undefined
}

/** Whether the files are there that the record says are: one that was lost is taken again. */
async function isWhole({ files }: LibraryDeps, file: FileFacts): Promise<boolean> {
  if (file.missing) return false
  const [original, thumbnail] = await Promise.all([
    files.size('original', file.sha256),
    isOwnThumbnail(file) ? file.bytes : files.size('thumbnail', file.sha256),
  ])
  return original === file.bytes && !!thumbnail
}

/** The caller's words stay the caller's when only the file's facts are brought up to date. */
function isCallers({ description }: IndexOptions, kept: VectorRecord | undefined): boolean {
  return description !== undefined || kept?.describedBy === 'caller'
}

async function factsOf(image: NormalisedImage) {
  const [phash, thumbhash] = await Promise.all([perceptualHash(image), thumbHash(image)])
  return { ...image.source, phash, thumbhash }
}

/**
 * What is kept of a picture. Its hash stays that of the file that was sent, or nobody who has the file could ask
 * whether it is here.
 */
async function originalOf({ stripsMetadata }: LibraryDeps, { source, bytes }: Upload) {
  if (!stripsMetadata) return { source, bytes }
  const stripped = await stripMetadata(source)
  return { source: stripped, bytes: stripped.length }
}

/** Other records of the same picture, of whose file this one's takes the place, or which were imported without. */
async function sharersOf(deps: LibraryDeps, { id, file }: VectorRecord): Promise<VectorRecord[]> {
  const { sha256, bytes } = file!
  const sharers = await deps.store.findByContentHash([sha256])
  const others = sharers.filter(
    (sharer) => sharer.id !== id && (sharer.file?.missing || sharer.file?.bytes !== bytes),
  )
  const found = await deps.store.getWithVectors(others.map((each) => each.id))
  return found.map((each) => {
    const { missing: _, ...facts } = each.file!
    return { ...each, file: { ...facts, bytes } }
  })
}

function isCurrent(
  before: VectorRecord,
  embedder: Embedder,
  upload: Upload,
  options: IndexOptions,
): boolean {
  return (
    before.file?.sha256 === upload.sha256 &&
    before.embedderId === embedder.id &&
    (options.description === undefined || options.description === before.description)
  )
}

async function refreshMetadata(
  deps: LibraryDeps,
  { vector: _, ...before }: VectorRecord,
  metadata: Metadata | undefined,
): Promise<IndexOutcome> {
  if (!metadata || isSame(metadata, before.metadata)) {
    return { record: before, outcome: 'unchanged', cached: true, usage: noUsage }
  }
  await deps.store.setMetadata(before.id, metadata)
  return { record: { ...before, metadata }, outcome: 'updated', cached: true, usage: noUsage }
}

/** Where descriptions are embedded, so is a caller's, and no vision model need be asked. */
async function embed(
  embedder: Embedder,
  image: NormalisedImage,
  description: string | undefined,
  context: EmbedContext,
): Promise<Embedded> {
  const useText = description !== undefined && embedder.capabilities.embeds === 'descriptions'
  if (useText && embedder.embedText) return embedder.embedText(description, context)
  return embedder.embedImage(image, context)
}
