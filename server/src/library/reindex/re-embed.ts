import { buffer } from 'node:stream/consumers'
import type { Embedded, EmbedContext, EmbedStage } from '../../embedders/embedder.ts'
import type { FileStore } from '../../files/file-store.ts'
import type { Decode } from '../../images/decode.ts'
import type { ImageRecord, VectorRecord } from '../../records/record.ts'
import {
  embedsDescriptions,
  keepsDescription,
  sourceOf,
  type SourceRules,
  withoutSource,
} from './source.ts'

export interface ReembedDeps extends SourceRules {
  readonly files: FileStore
  readonly decode: Decode
  /** An example, which need not be described as well as it will be. */
  readonly isExample?: true
}

export interface Reembedded {
  readonly record: VectorRecord
  /** The models that were called. */
  readonly calls: ReadonlySet<EmbedStage>
  /** Its file should have been used and is not there. */
  readonly withoutFile: boolean
}

/**
 * The record as it is in a library of the target embedder. When it was indexed stays as it was: it is
 * by this, too, that a later change of the record is noticed.
 *
 * @throws LookalikeError saying what is wrong with this record, or with the provider
 */
export async function reembed(
  deps: ReembedDeps,
  record: ImageRecord,
  signal: AbortSignal,
): Promise<Reembedded> {
  const calls = new Set<EmbedStage>()
  const context: EmbedContext = { signal, onStage: (stage) => calls.add(stage) }
  const fromFile = sourceOf(record, deps) === 'file' ? await embedFile(deps, record, context) : null
  const embedded = fromFile ?? (await embedDescription(deps, record, context))
  const keeps = keepsDescription(record, deps)
  const { description } = keeps ? record : embedded
  const { tags: _, ...untagged } = record
  return {
    record: {
      ...untagged,
      description,
      ...(embedded.tags && embedded.tags.length > 0 && { tags: embedded.tags }),
      vector: embedded.vector,
      embedderId: deps.target.id,
    },
    calls,
    withoutFile: fromFile === null && !keeps,
  }
}

/** Null when the file is not there. */
async function embedFile(
  { target, files, decode, isExample }: ReembedDeps,
  { file }: ImageRecord,
  { signal, onStage }: EmbedContext,
): Promise<Embedded | null> {
  const { sha256 } = file!
  const context = {
    signal,
    file: sha256,
    ...(!isExample && { patient: true as const }),
    ...(onStage && { onStage }),
  }
  const recalled = await target.recall?.(sha256, context)
  if (recalled) return recalled
  const original = await files.read('original', sha256)
  if (!original) return null
  const image = await decode(await buffer(original.stream), { signal, patient: true })
  signal.throwIfAborted()
  return target.embedImage(image, context)
}

async function embedDescription(
  { target }: SourceRules,
  { description }: ImageRecord,
  context: EmbedContext,
): Promise<Embedded> {
  if (!embedsDescriptions(target) || description === '') throw withoutSource(target)
  return target.embedText!(description, context)
}
