import { concurrently } from '../../library/concurrently.ts'
import type { Library } from '../../stores/image-store.ts'
import type { Copier } from '../copier.ts'
import type { Entry } from '../manifest.ts'
import { copyRecords, leaveOut, type DatabaseSource } from './databases.ts'
import { namedFiles, type NamedFile } from './record-files.ts'

const atOnce = 4
/** Snapshots that are tried while pictures go, before those that go are left out. */
const maxAttempts = 5

export interface CopiedRecords {
  readonly library: Library
  readonly images: number
  readonly entries: Entry[]
  /** Content hashes of originals that the library itself has lost. */
  readonly gone: string[]
}

/**
 * `library.db` with the files that it names. A picture that goes between the two is in neither: then both are
 * looked at once more, and by then nearly all files are there.
 *
 * @param beforeFiles told what there is to copy
 */
export async function copyEmbedded(
  source: DatabaseSource,
  copier: Copier,
  beforeFiles: (files: readonly NamedFile[]) => Promise<void>,
): Promise<CopiedRecords | null> {
  const lost = new Set<string>()
  for (let attempt = 1; ; attempt++) {
    const copy = await copyRecords(source)
    try {
      const named = namedFiles(copy.path)
      if (!named.library) return null
      if (attempt === 1) await beforeFiles(named.files)
      const { entries, missing } = await copyFiles(copier, named.files)
      const gone = source.server ? missing.filter((each) => lost.has(each)) : missing
      if (gone.length < missing.length && attempt < maxAttempts) {
        // Whoever is named by the next one as well was not deleted, but lost.
        for (const each of missing) lost.add(each)
        continue
      }
      const went = missing.filter((each) => !gone.includes(each))
      if (went.length > 0) leaveOut(copy.path, went)
      const { images } = went.length > 0 ? namedFiles(copy.path) : named
      entries.push(await copier.wholeFile(copy.path, 'library.db'))
      return { library: named.library, images, entries, gone }
    } finally {
      await copy.remove()
    }
  }
}

async function copyFiles(copier: Copier, files: readonly NamedFile[]) {
  const entries: Entry[] = []
  const missing: string[] = []
  await concurrently(files, atOnce, async (file) => {
    const found = await copier.file(file)
    if (found) entries.push(...found)
    else missing.push(file.sha256)
  })
  return { entries, missing }
}
