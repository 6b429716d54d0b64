import { LookalikeError } from '../errors.ts'
import { yieldToOthers } from '../yield-to-others.ts'
import type { LibraryDeps } from './deps.ts'

/** Deletes the files of those content hashes that no record refers to any more, and what is known of their copies. */
export async function removeUnusedFiles(deps: LibraryDeps, hashes: string[]): Promise<void> {
  if (hashes.length === 0) return
  await deps.locks.runAll(hashes, async () => {
    const users = await deps.store.findByContentHash(hashes)
    await yieldToOthers()
    const used = new Set(users.map(({ file }) => file?.sha256))
    const unused = [...new Set(hashes)].filter((sha256) => !used.has(sha256))
    for (const sha256 of unused) await deps.files.delete(sha256)
    forgetCopies(deps, unused)
  })
}

/** What a full disk does not let go of is forgotten after the next start. */
function forgetCopies({ copies }: LibraryDeps, hashes: string[]): void {
  try {
    copies.known.forget(hashes)
  } catch (error) {
    if (!(error instanceof LookalikeError && error.code === 'storage_full')) throw error
  }
}
