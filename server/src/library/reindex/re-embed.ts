import { buffer } from 'node:stream/consumers'
import type { Embedded, EmbedContext, Embedder, EmbedStage } from '../../embedders/embedder.ts'
import type { FileStore } from '../../files/file-store.ts'
import { decodeImage } from '../../images/decode.ts'
import type { ImageRecord, VectorRecord } from '../../records/record.ts'
import { keepsWords, type WayParts, wayOf, withoutFile } from './source.ts'

export interface MakeOverParts extends WayParts {
  readonly files: FileStore
  readonly maxMegapixels: number
}

export interface MadeOver {
  readonly record: VectorRecord
  /** The models that were asked. */
  readonly asked: ReadonlySet<EmbedStage>
  /** Its file should have been used and is not there. */
  readonly withoutFile: boolean
}

/**
 * The record as it is in a library of the wanted embedder. When it was indexed stays as it was: it is
 * by this, too, that a later change of the record is noticed.
 *
 * @throws LookalikeError saying what is wrong with this record, or with the provider
 */
export async function makeOver(
  parts: MakeOverParts,
  record: ImageRecord,
  signal: AbortSignal,
): Promise<MadeOver> {
  const asked = new Set<EmbedStage>()
  const context: EmbedContext = { signal, onStage: (stage) => asked.add(stage) }
  const fromFile = wayOf(record, parts) === 'file' ? await embedFile(parts, record, context) : null
  const embedded = fromFile ?? (await embedWords(parts, record, context))
  const keeps = keepsWords(record, parts)
  const { description } = keeps ? record : embedded
  const made = { ...record, description, vector: embedded.vector, embedderId: parts.wanted.id }
  return { record: made, asked, withoutFile: fromFile === null && !keeps }
}

/** Null when the file is not there. */
async function embedFile(
  { wanted, files, maxMegapixels }: MakeOverParts,
  { file }: ImageRecord,
  { signal, onStage }: EmbedContext,
): Promise<Embedded | null> {
  const { sha256 } = file!
  const context = { signal, file: sha256, ...(onStage && { onStage }) }
  const recalled = await wanted.recall?.(sha256, context)
  if (recalled) return recalled
  const original = await files.read('original', sha256)
  if (!original) return null
  const image = await decodeImage(await buffer(original.stream), maxMegapixels)
  signal.throwIfAborted()
  return wanted.embedImage(image, context)
}

async function embedWords(
  { wanted }: { wanted: Embedder },
  { description }: ImageRecord,
  context: EmbedContext,
): Promise<Embedded> {
  if (!wanted.embedText || description === '') throw withoutFile(wanted)
  return wanted.embedText(description, context)
}
