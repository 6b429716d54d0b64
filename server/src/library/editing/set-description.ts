import { noUsage } from '../../embedders/embedder.ts'
import type { VectorRecord } from '../../records/record.ts'
import type { LibraryDeps } from '../deps.ts'
import { unknownImage } from '../missing.ts'
import type { IndexOutcome } from '../indexing/index-image.ts'
import { embedContext, type Run } from '../stages.ts'

/**
 * Describes an image in a person's words. Where its vector is made of the description, it is made anew; where it is
 * made of the picture, it stays. When it was indexed stays in either case.
 *
 * @throws LookalikeError `not_found`
 */
export async function setDescription(
  deps: LibraryDeps,
  id: string,
  description: string,
  run: Run,
): Promise<IndexOutcome> {
  return deps.locks.run(id, async () => {
    // The one that makes the vector is the one the record names, also when the library is exchanged meanwhile.
    const { embedder } = deps
    const [before] = await deps.store.getWithVectors([id])
    if (!before) throw unknownImage(id)
    if (before.description === description && before.describedBy === 'caller') {
      const { vector: _, ...record } = before
      return { record, outcome: 'unchanged', cached: true, usage: noUsage }
    }
    const reads = embedder.capabilities.embeds === 'descriptions' ? embedder.embedText : undefined
    const embedded = await reads?.call(embedder, description, embedContext(run))
    run.stages.begin('store')
    const after: VectorRecord = {
      ...before,
      description,
      describedBy: 'caller',
      ...(embedded && { vector: embedded.vector, embedderId: embedder.id }),
    }
    await deps.store.upsert([after])
    const { vector: _, ...record } = after
    const { cached = !embedded, usage = noUsage } = embedded ?? {}
    return { record, outcome: 'updated', cached, usage }
  })
}
