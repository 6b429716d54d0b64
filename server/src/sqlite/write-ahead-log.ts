import { closeSync, fdatasync, fsyncSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import type { DatabaseFile } from './database-file.ts'
import { explained, explainSyncError } from './errors.ts'
import { transaction } from './open.ts'

const syncData = promisify(fdatasync)

/** A log of so many pages is brought into its database: copying them takes this thread some milliseconds. */
const longLog = 2_000

/** www.sqlite.org/fileformat2.html#the_write_ahead_log */
const headerBytes = 32
const frameHeaderBytes = 24
/** Where the salts are, which a log shares with the frames that are of it and not of the one before: bytes. */
const saltsInHeader = 16
const saltsInFrame = 8

/**
 * Makes commits durable without keeping others waiting: what SQLite does with `synchronous = FULL` in the thread that
 * commits, a disk sync of the log after each commit and two in each checkpoint, is done here, by threads of Node's. On a
 * disk that others use, one sync takes tenths of a second.
 *
 * SQLite syncs nothing meanwhile. What makes that safe is the order (www.sqlite.org/walformat.html):
 * pages are copied into the database once the log that has them is on disk; the log is made void once they are on disk in the
 * database; and nothing is written to it before that is on disk, or parts of the old log could come back. Between those
 * steps others have their turn, and `write` waits; `writeNow`, which cannot wait, takes the steps that are left itself.
 *
 * Only for databases that no other process, and no other connection, has open.
 */
export class WriteAheadLog {
  readonly #database: DatabaseSync
  readonly #file: DatabaseFile
  readonly #pageBytes: number
  /** Kept open until the database is closed: closing any descriptor of a file ends the locks of the process on it. */
  readonly #databaseFd: number
  readonly #logFd: number
  /** How far a checkpoint is: pages are copied, and not on disk yet; the log is void, and not on disk so. */
  #step: 'none' | 'copied' | 'void' = 'none'
  #syncsItself = false
  #checkpoint: Promise<void> | undefined
  #syncing: Promise<void> | undefined
  #nextSync: Promise<void> | undefined
  /** A sync that failed may have lost what it should have brought to disk, and the next one would not know. */
  #failure: unknown

  /** @param folder that the file lies in, as `openDatabase` was given it */
  constructor(database: DatabaseSync, folder: string, file: DatabaseFile) {
    this.#database = database
    this.#file = file
    const path = join(folder, file.name)
    this.#pageBytes = database.prepare('PRAGMA page_size').get()!['page_size'] as number
    // The last checkpoint that SQLite syncs itself: it begins with an empty log.
    explained(file, () =>
      database.exec('PRAGMA wal_autocheckpoint = 0; PRAGMA wal_checkpoint(TRUNCATE)'),
    )
    this.#databaseFd = openSync(path, 'r+')
    this.#logFd = openSync(`${path}-wal`, 'r+')
    this.#attempt(() => fsyncSync(this.#logFd))
    database.exec('PRAGMA synchronous = OFF')
  }

  /** Runs `work` in one transaction, and resolves once it is on disk; others see what it did before. */
  async write<T>(work: () => T): Promise<T> {
    await this.writable()
    const result = this.commit(work)
    await this.sync()
    return result
  }

  /** The same at once, while everybody waits: for what must be on disk before the next line. */
  writeNow<T>(work: () => T): T {
    this.#finishNow()
    const result = this.commit(work)
    this.#attempt(() => fsyncSync(this.#logFd))
    return result
  }

  /** Runs `work` in one transaction, which is on disk once `sync` has resolved. Only when it is `writable`. */
  commit<T>(work: () => T): T {
    if (this.#failure !== undefined) throw this.#failure
    this.#finishNow()
    const result = transaction(this.#database, work)
    if (this.#syncsItself) this.#syncItself(false)
    return result
  }

  /** Resolves when no checkpoint is under way. */
  async writable(): Promise<void> {
    while (this.#checkpoint) await this.#checkpoint
  }

  /**
   * Resolves once everything that was committed is on disk.
   *
   * @throws LookalikeError when that is not known; nothing can be written then until the database is opened again
   */
  sync(): Promise<void> {
    // One that runs may have passed what was written since: who comes meanwhile shares the next.
    this.#nextSync ??= (this.#syncing ?? Promise.resolve()).then(() => this.#startSync())
    return this.#nextSync
  }

  /** Closes the database as well, once nothing is under way. */
  async close(): Promise<void> {
    await this.writable()
    for (let sync; (sync = this.#nextSync ?? this.#syncing);) await sync.catch(() => {})
    // What is left in the log SQLite would bring over itself, while everybody waits.
    await this.#copyAndBeginAnew().catch(() => {})
    try {
      this.#finishNow()
    } finally {
      closeSync(this.#logFd)
      // As the last connection SQLite brings the log into the database and deletes it.
      this.#database.exec('PRAGMA synchronous = FULL')
      this.#database.close()
      closeSync(this.#databaseFd)
    }
  }

  #startSync(): Promise<void> {
    this.#nextSync = undefined
    const syncing = this.#attemptAsync(() => syncData(this.#logFd)).finally(() => {
      if (this.#syncing === settled) this.#syncing = undefined
    })
    const settled = syncing.catch(() => {})
    this.#syncing = settled
    void syncing.then(
      () => this.#shorten(),
      () => {},
    )
    return syncing
  }

  /** Begins a checkpoint when the log has become long. */
  #shorten(): void {
    if (this.#checkpoint || !this.#database.isOpen || !this.#isLong()) return
    this.#checkpoint = this.#copyAndBeginAnew()
      .catch(() => {}) // what failed is told to the next who writes
      .finally(() => (this.#checkpoint = undefined))
  }

  async #copyAndBeginAnew(): Promise<void> {
    await this.sync()
    if (!this.#copy()) return
    await this.#attemptAsync(() => syncData(this.#databaseFd))
    if (this.#step === 'copied') this.#makeVoid()
    await this.#attemptAsync(() => syncData(this.#logFd))
    this.#step = 'none'
  }

  /** Whether the frame there is of this log: those behind its end are of one before. */
  #isLong(): boolean {
    const salts = (at: number) => {
      const bytes = Buffer.alloc(8)
      readSync(this.#logFd, bytes, 0, bytes.length, at)
      return bytes.readBigUInt64LE()
    }
    const frame = headerBytes + longLog * (frameHeaderBytes + this.#pageBytes)
    const own = salts(saltsInHeader)
    return own !== 0n && salts(frame + saltsInFrame) === own
  }

  /** False where somebody reads something older, or what was written last is not on disk. */
  #copy(): boolean {
    if (!this.#database.isOpen || this.#syncing || this.#nextSync) return false
    const { busy, log, checkpointed } = this.#database.prepare('PRAGMA wal_checkpoint(PASSIVE)').get()! // prettier-ignore
    if (busy !== 0 || log !== checkpointed) return false
    this.#step = 'copied'
    return true
  }

  /**
   * From here on nothing in the log counts: without its header it is taken for an empty one, and the next commit begins it anew.
   * It keeps its length, for a file that is cut off and grows again is more work for the disk, and keeps this thread waiting.
   */
  #makeVoid(): void {
    const { busy } = this.#database.prepare('PRAGMA wal_checkpoint(RESTART)').get()!
    // Whenever it is that it begins anew then, SQLite itself sees to the order.
    if (busy !== 0) return this.#syncItself(true)
    writeSync(this.#logFd, new Uint8Array(headerBytes), 0, headerBytes, 0)
    this.#step = 'void'
  }

  /** Takes the steps of a checkpoint that are left. */
  #finishNow(): void {
    if (this.#step === 'copied') {
      this.#attempt(() => fsyncSync(this.#databaseFd))
      this.#makeVoid()
    }
    if (this.#step === 'void') this.#attempt(() => fsyncSync(this.#logFd))
    this.#step = 'none'
  }

  #syncItself(does: boolean): void {
    this.#database.exec(`PRAGMA synchronous = ${does ? 'FULL' : 'OFF'}`)
    this.#syncsItself = does
    this.#step = 'none'
  }

  #attempt(work: () => void): void {
    try {
      work()
    } catch (error) {
      throw this.#fail(error)
    }
  }

  async #attemptAsync(work: () => Promise<void>): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure
    try {
      await work()
    } catch (error) {
      throw this.#fail(error)
    }
  }

  #fail(error: unknown): unknown {
    return (this.#failure ??= explainSyncError(error, this.#file))
  }
}
