import { existsSync, statfsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { openPresence } from '../data-dir/presence.ts'
import { isDiskFull } from '../errors.ts'
import { openFiles } from '../files/registry.ts'
import { ConfigError } from '../setting-types.ts'
import { openGenerations } from '../stores/registry.ts'
import { Copier, type Copied } from './copier.ts'
import { BackupFolder } from './folder.ts'
import { backupFormat, ManifestWriter, type Entry } from './manifest.ts'
import { copyOthers, type DatabaseSource } from './source/databases.ts'
import { copyEmbedded, type CopiedRecords } from './source/embedded-records.ts'
import type { NamedFile } from './source/record-files.ts'
import type { ServerAddress } from '../data-dir/running-server.ts'
import { copyServed } from './source/served-records.ts'

export interface BackupOptions {
  /** Where a server answers that uses the library; asked only where one does. */
  readonly server: ServerAddress
  /** How many snapshots stay; absent: all. */
  readonly keep?: number | undefined
  /** Of this program. */
  readonly version: string
  /** Told now and then how many files of how many are done. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

export interface BackupReport {
  readonly snapshot: string
  readonly images: number
  readonly copied: Copied
  readonly reused: Copied
  /** Content hashes of originals that the library has lost, and of those whose bytes have another. */
  readonly gone: readonly string[]
  readonly differing: readonly string[]
  readonly removedSnapshots: readonly string[]
  readonly freedBytes: number
}

const spareBytes = 16e6
/** About what a thumbnail takes, and a record elsewhere. */
const bytesBeside = 20_000

/**
 * Adds a snapshot of a library to a backup, also while a server uses it; what the backup has already is not copied
 * again. A snapshot is there when all of it is on disk: one that was interrupted goes on where it was.
 *
 * @throws ConfigError that says what to do
 */
export async function backUp(
  config: Config,
  path: string,
  options: BackupOptions,
): Promise<BackupReport> {
  const { DATA_DIR: dataDir } = config
  if (!existsSync(dataDir)) {
    throw new ConfigError(
      `There is no folder ${dataDir}: name the one that DATA_DIR names where the server runs.`,
    )
  }
  const folder = await BackupFolder.openToWrite(path, dataDir)
  const presence = openPresence(dataDir)
  try {
    const looking = { ...presence, sweep: () => {} }
    const copier = await Copier.open(
      folder,
      await openFiles(config, { dataDir, presence: looking }),
    )
    const source: DatabaseSource = {
      dataDir,
      server: presence.hasOthers() ? options.server : null,
      staged: () => folder.objects.staged(),
    }
    copier.onProgress = options.onProgress
    const records = await copyAll(config, folder, source, copier)
    const snapshot = await publish(folder, config, options.version, records)
    await copier.close()
    const kept = options.keep === undefined ? null : await folder.keep(options.keep)
    return {
      snapshot,
      images: records.images,
      copied: copier.copied,
      reused: copier.reused,
      gone: records.gone,
      differing: config.STRIP_METADATA ? [] : [...copier.differing],
      removedSnapshots: kept?.removed ?? [],
      freedBytes: kept?.freedBytes ?? 0,
    }
  } catch (error) {
    if (!isDiskFull(error)) throw error
    throw new ConfigError(
      `The disk that holds ${path} is full. What was copied stays there: free some space, and run it again to go on.`,
      { cause: error },
    )
  } finally {
    presence.close()
    folder.close()
  }
}

async function copyAll(
  config: Config,
  folder: BackupFolder,
  source: DatabaseSource,
  copier: Copier,
): Promise<CopiedRecords> {
  const { dataDir } = source
  const records =
    config.STORE === 'embedded'
      ? await copyEmbedded(source, copier, (files) => {
          copier.total = files.length
          return assertRoom(folder, dataDir, files, copier)
        })
      : await copyOfServed(config, copier)
  if (!records) throw new ConfigError(`There is no library in ${dataDir} yet: nothing to back up.`)
  for await (const [name, copy] of copyOthers(source, config.GRAPH === 'embedded')) {
    try {
      records.entries.push(await copier.wholeFile(copy.path, name))
    } finally {
      await copy.remove()
    }
  }
  const keys = join(dataDir, 'keys.json')
  if (existsSync(keys)) {
    const bytes = await readFile(keys)
    records.entries.push({
      path: 'keys.json',
      bytes: bytes.length,
      objects: [await copier.bytes(bytes)],
    })
  }
  return records
}

async function copyOfServed(config: Config, copier: Copier): Promise<CopiedRecords | null> {
  const generations = await openGenerations(config, config.DATA_DIR)
  const library = await generations.current()
  if (!library) return null
  const store = await generations.open(library)
  try {
    return await copyServed(store, library, copier)
  } finally {
    await store.close()
  }
}

/** Before anything is written that would not fit. */
async function assertRoom(
  folder: BackupFolder,
  dataDir: string,
  files: readonly NamedFile[],
  copier: Copier,
): Promise<void> {
  let needed = spareBytes
  for (const name of ['library.db', 'graph.db', 'state.db', 'copies.db']) {
    needed += statSync(join(dataDir, name), { throwIfNoEntry: false })?.size ?? 0
  }
  for (const file of files) if (!(await copier.has(file))) needed += file.bytes + bytesBeside
  const { bavail, bsize, blocks } = statfsSync(folder.path)
  if (blocks === 0 || bavail * bsize >= needed) return
  const megabytes = (bytes: number) => Math.ceil(bytes / 1e6)
  throw new ConfigError(
    `The disk that holds ${folder.path} has ${megabytes(bavail * bsize)} MB left, and this takes about ${megabytes(needed)}: ` +
      'free some space, or name a folder on another disk. No snapshot was begun.',
  )
}

async function publish(
  folder: BackupFolder,
  config: Config,
  version: string,
  { library, images, entries }: CopiedRecords,
): Promise<string> {
  const made = new Date().toISOString()
  const staged = folder.objects.staged()
  const writer = new ManifestWriter(staged, {
    lookalike_backup: backupFormat,
    made_at: made,
    version,
    store: config.STORE,
    embedder: { id: library.embedderId, dimensions: library.dimensions },
    images,
  })
  for (const entry of entries.toSorted(byPath)) await writer.add(entry)
  await writer.end()
  const name = made.replaceAll(/[:.]/g, '-')
  await folder.publish(staged, name)
  return name
}

function byPath(one: Entry, other: Entry): number {
  return one.path < other.path ? -1 : 1
}
