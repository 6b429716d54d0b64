import { readFile, rm, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { storedFiles, type StoredFile } from '../../../files/disk/stored-files.ts'
import { type Findings, some } from '../../finding.ts'
import type { Patient } from '../../patient.ts'
import { quarantine } from '../../quarantine.ts'
import { isWholeWebp } from './originals.ts'

/**
 * Files on the disk that no record names, that are no files of ours, and larger thumbnails that are damaged.
 *
 * @param since files that were written after that, in milliseconds since 1970, are passed over: their records may follow
 */
export async function checkStrays(
  { dataDir }: Patient,
  findings: Findings,
  known: ReadonlySet<string>,
  since: number,
): Promise<void> {
  const originals: string[] = []
  const thumbnails: string[] = []
  const strangers: string[] = []
  const damaged: string[] = []
  for await (const file of storedFiles(join(dataDir, 'files'))) {
    const { path, kind, sha256 } = file
    if (sha256 === null) strangers.push(path)
    else if (!known.has(sha256) && (await isOlder(path, since)))
      (kind === 'original' ? originals : thumbnails).push(path)
    else if (known.has(sha256) && isLarge(file) && !isWholeWebp(await readFile(path)))
      damaged.push(path)
  }
  const shown = (paths: string[]) => some(paths.map((path) => relative(dataDir, path)))
  const putAside = (kind: string, paths: string[]) => async () => {
    for (const path of paths) await quarantine(dataDir, kind, path)
    return `put them into quarantine/${kind}`
  }
  const remove = (paths: string[]) => async () => {
    for (const path of paths) await rm(path, { force: true })
    return 'deleted them'
  }
  if (originals.length > 0) {
    // More strays than records is no leftover of deletions: the records were lost, and the originals are what is left.
    const areLost = originals.length > Math.max(known.size, 1)
    findings.found({
      code: areLost ? 'records_lost' : 'stray_originals',
      message: areLost
        ? 'There are more originals without a record than with one: the records were lost, or another library.db was meant. ' +
          'Put a backup of it in its place, or import files/originals.'
        : 'Originals that no record names, as a deletion leaves them that was interrupted.',
      count: originals.length,
      items: shown(originals),
      ...(!areLost && { repair: putAside('originals', originals) }),
    })
  }
  if (thumbnails.length > 0 && originals.length <= Math.max(known.size, 1)) {
    findings.found({
      code: 'stray_thumbnails',
      message: 'Thumbnails of pictures that no record names.',
      count: thumbnails.length,
      items: shown(thumbnails),
      repair: remove(thumbnails),
    })
  }
  if (strangers.length > 0) {
    findings.found({
      code: 'foreign_files',
      message: 'Files among the originals and thumbnails that Lookalike did not put there.',
      count: strangers.length,
      items: shown(strangers),
      repair: putAside('foreign', strangers),
    })
  }
  if (damaged.length > 0) {
    findings.found({
      code: 'damaged_thumbnails',
      message: 'Large thumbnails that are damaged; whoever asks for one has it made again.',
      count: damaged.length,
      items: shown(damaged),
      repair: remove(damaged),
    })
  }
}

/** False for one that is gone by now as well. */
async function isOlder(path: string, since: number): Promise<boolean> {
  const found = await stat(path).catch(() => null)
  return found !== null && found.mtimeMs < since
}

function isLarge({ kind }: StoredFile): boolean {
  return kind !== 'original' && kind !== 'thumbnail'
}
