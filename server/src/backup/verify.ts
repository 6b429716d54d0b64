import type { BackupFolder } from './folder.ts'
import type { Entry, Header } from './manifest.ts'

export interface CheckedSnapshot {
  readonly header: Header
  readonly entries: readonly Entry[]
  /** Paths of files that cannot be restored. */
  readonly damaged: readonly string[]
}

/**
 * Reads all that snapshots name and compares it with its hashes.
 *
 * @param checked what is known of objects; shared by those who check several snapshots
 * @throws ConfigError for a list that is damaged itself
 */
export async function checkSnapshot(
  folder: BackupFolder,
  snapshot: string,
  checked = new Map<string, boolean>(),
): Promise<CheckedSnapshot> {
  let header: Header | undefined
  const entries: Entry[] = []
  for await (const line of folder.read(snapshot)) {
    if ('path' in line) entries.push(line)
    else header = line
  }
  const damaged: string[] = []
  for (const { path, bytes, objects } of entries) {
    let size = 0
    let isWhole = true
    for (const object of objects) {
      const known = checked.get(object) ?? (await folder.objects.isWhole(object)) === true
      checked.set(object, known)
      isWhole &&= known
      size += (await folder.objects.size(object)) ?? 0
    }
    if (!isWhole || size !== bytes) damaged.push(path)
  }
  return { header: header!, entries, damaged }
}

export interface VerifyReport {
  readonly snapshots: readonly {
    readonly name: string
    readonly images: number
    readonly files: number
    readonly damaged: readonly string[]
  }[]
  readonly objects: number
}

/** Checks every snapshot. What is damaged is put aside, so that the next backup of a library that has it copies it again. */
export async function verify(folder: BackupFolder): Promise<VerifyReport> {
  const checked = new Map<string, boolean>()
  const snapshots = []
  for (const name of await folder.snapshots()) {
    const { header, entries, damaged } = await checkSnapshot(folder, name, checked)
    snapshots.push({ name, images: header.images, files: entries.length, damaged })
  }
  for (const [object, isWhole] of checked) {
    if (!isWhole && (await folder.objects.size(object)) !== null)
      await folder.objects.putAside(object)
  }
  return { snapshots, objects: checked.size }
}
