import type { Health } from '../stores/image-store.ts'
import type { LibraryDeps } from './deps.ts'

/** A library without any record beside originals: it was lost, or another DATA_DIR was meant. */
export async function lostLibrary({ store, files }: LibraryDeps): Promise<Health | null> {
  const images = await store.count().catch(() => null)
  if (images !== 0 || !(await files.holdsAny?.())) return null
  return {
    status: 'degraded',
    detail:
      'The library is empty, and yet there are originals in its files. If its records were lost, stop Lookalike and ' +
      'put a snapshot or backup of library.db in its place, or send the pictures again; no file is deleted meanwhile.',
  }
}
