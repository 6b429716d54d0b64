import { existsSync, readFileSync, statfsSync } from 'node:fs'
import { mkdir, open, readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Config } from '../config.ts'
import { openPresence } from '../data-dir/presence.ts'
import { restoringName } from '../data-dir/prepare.ts'
import { isDiskFull } from '../errors.ts'
import { fileKinds, filePath, type FileKind, type FileStore } from '../files/file-store.ts'
import { openFiles } from '../files/registry.ts'
import { ConfigError } from '../setting-types.ts'
import { renameDurably, writeDurably } from '../sqlite/durable-files.ts'
import { openGenerations } from '../stores/registry.ts'
import { BackupFolder } from './folder.ts'
import type { Entry, Header } from './manifest.ts'
import { recordOfLine } from './record-lines.ts'
import { recordsName } from './source/served-records.ts'
import { checkSnapshot } from './verify.ts'

export interface RestoreOptions {
  /** Absent: the newest. */
  readonly snapshot?: string | undefined
  /** What lies in DATA_DIR is moved into a folder of its own there. */
  readonly replace: boolean
}

export interface RestoreReport {
  readonly snapshot: string
  readonly images: number
  readonly files: number
  readonly bytes: number
  /** Where what was there lies now; null where nothing was. */
  readonly replaced: string | null
}

const writtenAtOnce = 200

/**
 * Makes the library of a snapshot in DATA_DIR, after all of its hashes were checked. Until it is done no server starts
 * over the folder, and the same call goes on where it was.
 *
 * @throws ConfigError that says what to do; nothing was changed then
 */
export async function restore(
  config: Config,
  path: string,
  options: RestoreOptions,
): Promise<RestoreReport> {
  const folder = BackupFolder.open(path)
  try {
    const snapshot = await folder.find(options.snapshot)
    const { header, entries, damaged } = await checkSnapshot(folder, snapshot)
    if (damaged.length > 0) {
      throw new ConfigError(
        `${damaged.length} files of the snapshot ${snapshot} are damaged (${damaged.slice(0, 3).join(', ')}): nothing was restored. ` +
          'Name an older one with --snapshot, or use another copy of the backup.',
      )
    }
    assertFits(header, config)
    assertKnown(entries)
    await assertEmptyStore(config, snapshot)
    const replaced = await prepare(config.DATA_DIR, snapshot, entries, options.replace)
    await write(config, folder, header, entries)
    await rm(join(config.DATA_DIR, restoringName))
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0)
    return { snapshot, images: header.images, files: entries.length, bytes, replaced }
  } catch (error) {
    if (!isDiskFull(error)) throw error
    throw new ConfigError(
      `The disk that holds ${config.DATA_DIR} is full: free some space, and run it again to go on.`,
      { cause: error },
    )
  } finally {
    folder.close()
  }
}

/** A store that these records cannot go into would start without any. */
function assertFits({ store }: Header, { STORE }: Config): void {
  if (store === STORE) return
  throw new ConfigError(
    `This is the backup of a library with STORE=${store}, and the settings name ${STORE}: restore it with STORE=${store}. ` +
      '`lookalike export` and `import --from` move it from there.',
  )
}

/** What a backup holds beside files; a list that somebody else made could name any path. */
const others = ['library.db', 'graph.db', 'state.db', 'copies.db', 'keys.json', recordsName]

function assertKnown(entries: readonly Entry[]): void {
  const unknown = entries.find(({ path }) => !keptFile(path) && !others.includes(path))
  if (unknown)
    throw new ConfigError(
      `The snapshot names ${unknown.path}, which is no part of a library: nothing was restored.`,
    )
}

/** Of a store that is elsewhere. */
async function assertEmptyStore(config: Config, snapshot: string): Promise<void> {
  if (config.STORE === 'embedded' || begunIn(config.DATA_DIR) === snapshot) return
  const made = await (await openGenerations(config, config.DATA_DIR)).current()
  if (!made || made.records === 0) return
  throw new ConfigError(
    `The library that the settings name holds ${made.records} records: name another one, by QDRANT_COLLECTION for instance.`,
  )
}

function begunIn(dataDir: string): string | null {
  const marker = join(dataDir, restoringName)
  return existsSync(marker) ? readFileSync(marker, 'utf8').trim() : null
}

/** The folder as it must be before the first file: its own, with room, and marked. */
async function prepare(
  dataDir: string,
  snapshot: string,
  entries: readonly Entry[],
  replace: boolean,
): Promise<string | null> {
  await mkdir(dataDir, { recursive: true })
  const marker = join(dataDir, restoringName)
  const begun = begunIn(dataDir)
  if (begun === snapshot) return null
  const there = (await readdir(dataDir)).filter((name) => name !== 'lost+found')
  let replaced: string | null = null
  if (there.length > 0) {
    if (!replace) {
      const what =
        begun === null ? 'is not empty' : `holds a restore of ${begun} that was not ended`
      throw new ConfigError(
        `${dataDir} ${what}: name another folder with --data, or add --replace, which moves what is there aside and deletes nothing.`,
      )
    }
    assertUnused(dataDir)
    replaced = `replaced-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`
    for (const name of there)
      await renameDurably(join(dataDir, name), join(dataDir, replaced, name))
  }
  const needed = entries.reduce((sum, { bytes }) => sum + bytes, 0)
  const { bavail, bsize, blocks } = statfsSync(dataDir)
  if (blocks > 0 && bavail * bsize < needed) {
    throw new ConfigError(
      `The disk that holds ${dataDir} has ${Math.floor((bavail * bsize) / 1e6)} MB left, and the library takes ${Math.ceil(needed / 1e6)}: free some space, or name a folder on another disk.`,
    )
  }
  await writeDurably(marker, snapshot)
  return replaced
}

function assertUnused(dataDir: string): void {
  const presence = openPresence(dataDir)
  try {
    if (presence.hasOthers()) throw new ConfigError(`A server is using ${dataDir}: stop it first.`)
  } finally {
    presence.close()
  }
}

/** The files first: a database that is there has all that it names. */
async function write(
  config: Config,
  folder: BackupFolder,
  header: Header,
  entries: readonly Entry[],
): Promise<void> {
  const { DATA_DIR: dataDir } = config
  const files = await openFiles(config, { dataDir })
  const rest: Entry[] = []
  for (const entry of entries) {
    const kept = keptFile(entry.path)
    if (kept) await putFile(folder, files, kept, entry)
    else rest.push(entry)
  }
  for (const entry of rest) {
    if (entry.path === recordsName) await putRecords(config, folder, header, entry)
    else await putWhole(folder, join(dataDir, entry.path), entry)
  }
}

/** Which of the file store's files a path is; null for another. */
function keptFile(path: string): { kind: FileKind; sha256: string } | null {
  const sha256 = basename(path)
  const kind = fileKinds.find((each) => path === `files/${filePath(each, sha256)}`)
  return kind ? { kind, sha256 } : null
}

async function putFile(
  { objects }: BackupFolder,
  files: FileStore,
  { kind, sha256 }: { kind: FileKind; sha256: string },
  entry: Entry,
): Promise<void> {
  // Under its name it is whole: what was put before a kill need not be put again.
  if ((await files.size(kind, sha256)) === entry.bytes) return
  await files.put(
    kind,
    sha256,
    Buffer.concat(await Promise.all(entry.objects.map((each) => objects.read(each)))),
  )
}

async function putWhole({ objects }: BackupFolder, target: string, entry: Entry): Promise<void> {
  const part = `${target}.restoring`
  {
    await using file = await open(part, 'w', 0o600)
    for (const object of entry.objects) await file.write(await objects.read(object))
    await file.sync()
  }
  await renameDurably(part, target)
}

async function putRecords(
  config: Config,
  { objects }: BackupFolder,
  { embedder }: Header,
  entry: Entry,
): Promise<void> {
  const generations = await openGenerations(config, config.DATA_DIR)
  const store = await generations.open({ embedderId: embedder.id, dimensions: embedder.dimensions })
  try {
    for (const object of entry.objects) {
      const lines = (await objects.read(object)).toString().split('\n').filter(Boolean)
      for (let at = 0; at < lines.length; at += writtenAtOnce) {
        await store.upsert(lines.slice(at, at + writtenAtOnce).map(recordOfLine))
      }
    }
  } finally {
    await store.close()
  }
}
