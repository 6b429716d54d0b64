import type { ImageRecord } from '../../records/record.ts'
import { concurrently } from '../concurrently.ts'
import type { LibraryDeps } from '../deps.ts'

const concurrency = 16

/**
 * The records of files by their content hashes. A file that was lost counts as missing, so that whoever
 * asks before sending sends it again.
 */
export async function knownFiles(deps: LibraryDeps, hashes: string[]): Promise<ImageRecord[]> {
  const records = await deps.store.findByContentHash(hashes)
  const kept = new Map<string, number | null>()
  const taken = records.flatMap(({ file }) => (file && !file.missing ? [file.sha256] : []))
  await concurrently([...new Set(taken)], concurrency, async (sha256) => {
    kept.set(sha256, await deps.files.size('original', sha256))
  })
  return records.map((record) => {
    const { file } = record
    const isThere = !file || file.missing || kept.get(file.sha256) === file.bytes
    return isThere ? record : { ...record, file: { ...file, missing: true } }
  })
}
