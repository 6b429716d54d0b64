import { existsSync, readFileSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { holdLock } from '../data-dir/presence.ts'
import { ConfigError } from '../setting-types.ts'
import { renameDurably, writeDurably } from '../sqlite/durable-files.ts'
import { backupFormat, newerBackup, readManifest, type Entry, type Header } from './manifest.ts'
import { Objects } from './objects.ts'

const markerName = 'lookalike-backup.json'
const extension = '.jsonl'

/** A folder with backups of one library: `snapshots/` lists what is in each, `objects/` has the bytes. */
export class BackupFolder {
  readonly path: string
  readonly objects: Objects
  readonly #lock

  private constructor(path: string, lock: NonNullable<ReturnType<typeof holdLock>>) {
    this.path = path
    this.objects = new Objects(path)
    this.#lock = lock
  }

  /** @throws ConfigError for a folder that is no backup, or of a newer Lookalike, or in use by another process */
  static open(path: string): BackupFolder {
    const marker = join(path, markerName)
    if (!existsSync(marker)) {
      throw new ConfigError(
        `${path} is no backup: it has no ${markerName}. Name the folder that \`lookalike backup\` was given.`,
      )
    }
    if (formatOf(marker) > backupFormat) throw newerBackup()
    const lock = holdLock(join(path, 'lock'))
    if (!lock)
      throw new ConfigError(
        `Another process is using the backup in ${path}: wait until it is done.`,
      )
    return new BackupFolder(path, lock)
  }

  /**
   * Opens a folder to write a backup into, making it when there is none.
   *
   * @param dataDir the library: one must not lie in the other
   * @throws ConfigError also for a folder with other things in it
   */
  static async openToWrite(path: string, dataDir: string): Promise<BackupFolder> {
    if (contains(dataDir, path) || contains(path, dataDir)) {
      throw new ConfigError(
        `${path} and the library in ${dataDir} must not lie in each other: name a folder of its own, best on another disk.`,
      )
    }
    await mkdir(path, { recursive: true })
    const entries = (await readdir(path)).filter((name) => name !== 'lost+found')
    if (!entries.includes(markerName)) {
      if (entries.length > 0) {
        throw new ConfigError(
          `${path} holds other things (${entries.slice(0, 3).join(', ')}), and nothing is written there: name an empty or a new folder.`,
        )
      }
      const text = `${JSON.stringify({ lookalike_backup: backupFormat, about: 'Made by lookalike backup; lookalike restore reads it.' })}\n`
      await writeDurably(join(path, markerName), text)
    }
    const folder = BackupFolder.open(path)
    await mkdir(join(path, 'snapshots'), { recursive: true })
    await folder.objects.prepare()
    return folder
  }

  /** Names of its snapshots, oldest first. */
  async snapshots(): Promise<string[]> {
    const names = await readdir(join(this.path, 'snapshots')).catch(() => [])
    return names
      .filter((name) => name.endsWith(extension))
      .map((name) => name.slice(0, -extension.length))
      .toSorted()
  }

  /** @throws ConfigError where there is no such snapshot */
  async find(name: string | undefined): Promise<string> {
    const all = await this.snapshots()
    const found = name === undefined ? all.at(-1) : all.find((each) => each === name)
    if (found !== undefined) return found
    if (all.length === 0)
      throw new ConfigError(
        `${this.path} holds no snapshot that is whole: the backup never ended. Run it again.`,
      )
    throw new ConfigError(
      `There is no snapshot ${name} in ${this.path}: there are ${all.join(', ')}.`,
    )
  }

  /** The header, then the entries. */
  read(snapshot: string): AsyncGenerator<Header | Entry> {
    return readManifest(this.manifest(snapshot))
  }

  manifest(snapshot: string): string {
    return join(this.path, 'snapshots', snapshot + extension)
  }

  /** What was copied since the last snapshot, in case the process ends before there is another. */
  get journal(): string {
    return join(this.path, 'unfinished.jsonl')
  }

  /** From then on the snapshot is there. */
  async publish(staged: string, snapshot: string): Promise<void> {
    await renameDurably(staged, this.manifest(snapshot))
    await rm(this.journal, { force: true })
  }

  /** Keeps the newest `count` snapshots, and of the objects those that they name. */
  async keep(count: number): Promise<{ removed: string[]; freedBytes: number }> {
    const all = await this.snapshots()
    const removed = all.slice(0, Math.max(0, all.length - count))
    for (const name of removed) await rm(this.manifest(name))
    const wanted = new Set<string>()
    for (const name of await this.snapshots()) {
      for await (const line of this.read(name)) {
        if ('objects' in line) for (const object of line.objects) wanted.add(object)
      }
    }
    return { removed, freedBytes: await this.objects.removeAllBut(wanted) }
  }

  close(): void {
    if (this.#lock.isOpen) this.#lock.close()
  }
}

function formatOf(marker: string): number {
  try {
    return Number(
      (JSON.parse(readFileSync(marker, 'utf8')) as { lookalike_backup: number }).lookalike_backup,
    )
  } catch (error) {
    throw new ConfigError(`${marker} cannot be read: this is no backup, or a damaged one.`, {
      cause: error,
    })
  }
}

function contains(folder: string, path: string): boolean {
  const way = relative(resolve(folder), resolve(path))
  return way === '' || !(way.startsWith('..') || resolve(way) === way)
}
