import type { Json, Metadata } from '../../records/record.ts'
import { concurrently } from '../concurrently.ts'
import type { LibraryDeps } from '../deps.ts'
import { removeAll } from './edit.ts'
import { isSame } from '../indexing/embedded-metadata.ts'

/** Writes that share a disk sync, or are on their way to another server. */
const concurrency = 32

export interface Edited {
  readonly id: string
  readonly outcome: 'updated' | 'unchanged' | 'missing'
  /** As it is now; null for an image that there is not. */
  readonly metadata: Metadata | null
}

/**
 * Merges a patch into the metadata of images. When the signal aborts or a write fails, what was written stays
 * written, and doing it again does the rest.
 *
 * @returns one for each id, in their order
 */
export async function patchMetadata(
  deps: LibraryDeps,
  ids: readonly string[],
  patch: Metadata,
  signal: AbortSignal,
): Promise<Edited[]> {
  const edited = new Map<string, Edited>()
  await concurrently([...new Set(ids)], concurrency, async (id) => {
    signal.throwIfAborted()
    await deps.locks.run(id, async () => {
      const [record] = await deps.store.get([id])
      if (!record) return edited.set(id, { id, outcome: 'missing', metadata: null })
      const metadata = merged(record.metadata, patch)
      if (isSame(metadata, record.metadata)) {
        return edited.set(id, { id, outcome: 'unchanged', metadata })
      }
      const isThere = await deps.store.setMetadata(id, metadata)
      const outcome = isThere ? 'updated' : 'missing'
      return edited.set(id, { id, outcome, metadata: isThere ? metadata : null })
    })
  })
  return [...new Set(ids)].map((id) => edited.get(id)!)
}

/** Deletes images with the files that no other record uses; says of each whether there was one. */
export async function removeMany(
  deps: LibraryDeps,
  ids: readonly string[],
): Promise<{ id: string; outcome: 'deleted' | 'missing' }[]> {
  const distinct = [...new Set(ids)]
  const deleted = new Set<string>()
  await removeAll(deps, distinct, ({ id }) => {
    deleted.add(id)
    return true
  })
  return distinct.map((id) => ({ id, outcome: deleted.has(id) ? 'deleted' : 'missing' }))
}

/** JSON Merge Patch, RFC 7396: objects are merged, null takes a key away, everything else replaces. */
function merged(target: Metadata, patch: Metadata): Metadata {
  const result = new Map(Object.entries(target))
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) result.delete(key)
    else result.set(key, isObject(value) ? merged(asObject(result.get(key)), value) : value)
  }
  return Object.fromEntries(result)
}

function isObject(value: Json | undefined): value is Metadata {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function asObject(value: Json | undefined): Metadata {
  return isObject(value) ? value : {}
}
