import { existsSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { storageFull } from '../errors.ts'

const MB = 1e6
/** Kept back: a tenth of the disk within these bounds, and of tiny ones a quarter. */
const minReserve = 8 * MB
const maxReserve = 256 * MB
const minFreeFiles = 100
const ballastName = 'reserve'

/** Whether there is room on a disk, for those who write to it. */
export interface Room {
  /** Whether what is derived may grow by that much: it may use half of the reserve, and no more. */
  has(bytes: number): boolean
  /** The same, and keeps the room until the returned function is called; null where there is none. */
  claimDerived(bytes: number): (() => void) | null
  /** @throws LookalikeError `storage_full` when `bytes` more would not leave the reserve */
  assertRoom(bytes?: number): void
  /** The same, and keeps the room until the returned function is called; null where there is none. */
  tryClaim(bytes: number): (() => void) | null
  /** @throws LookalikeError `storage_full` where `tryClaim` returns null */
  claim(bytes: number): () => void
}

/** Room as it is where nobody asks. */
export const unbounded: Room = {
  has: () => true,
  claimDerived: () => () => {},
  tryClaim: () => () => {},
  assertRoom: () => {},
  claim: () => () => {},
}

/**
 * The room on the disk that holds DATA_DIR. A reserve is kept back from everything that makes the library
 * grow: deleting, searching and stopping write a little as well, and a disk that is full to the last byte
 * lets nobody make room.
 *
 * Others may fill the disk too. Against them a part of the reserve lies in a file, which `makeRoom`
 * gives back.
 */
export class DiskSpace implements Room {
  readonly reserve: number
  readonly #folder: string
  readonly #ballast: string
  #claimed = 0
  /** The most that was asked for and had no room; 0 once it has. */
  #refused = 0

  /** @param folder must exist */
  constructor(folder: string) {
    this.#folder = folder
    this.#ballast = join(folder, ballastName)
    const { blocks, bsize } = statfsSync(folder)
    const size = blocks * bsize
    this.reserve = Math.max(Math.min(minReserve, size / 4), Math.min(maxReserve, size / 10))
    this.makeRoom()
    this.#keepBallast()
  }

  /** Bytes that may be written by this user; what was claimed and may not be there yet is taken off. */
  get free(): number {
    const { blocks, bavail, bsize, files, ffree } = statfsSync(this.#folder)
    // Some file systems do not tell, and some have no bound on files.
    if (blocks === 0) return Infinity
    if (files > 0 && ffree < minFreeFiles) return 0
    return bavail * bsize - this.#claimed
  }

  has(bytes: number): boolean {
    return this.free - bytes >= this.reserve / 2
  }

  claimDerived(bytes: number): (() => void) | null {
    return this.has(bytes) ? this.#keep(bytes) : null
  }

  assertRoom(bytes = 0): void {
    if (this.free - bytes < this.reserve) {
      this.#refused = Math.max(this.#refused, bytes)
      throw storageFull()
    }
    this.#keepBallast()
  }

  tryClaim(bytes: number): (() => void) | null {
    return this.free - bytes < this.reserve ? null : this.#keep(bytes)
  }

  claim(bytes: number): () => void {
    this.assertRoom(bytes)
    return this.#keep(bytes)
  }

  #keep(bytes: number): () => void {
    this.#claimed += bytes
    let held = true
    return () => {
      if (held) this.#claimed -= bytes
      held = false
    }
  }

  /** Before what must work on a full disk as well: gives the ballast up where there is need. */
  makeRoom(): void {
    if (this.free < this.#ballastBytes / 2) rmSync(this.#ballast, { force: true })
  }

  /** For people; null when there is enough room. */
  shortage(): string | null {
    const { free, reserve } = this
    if (free >= reserve + this.#refused) {
      this.#refused = 0
      return null
    }
    return (
      `The disk that holds DATA_DIR has ${megabytes(free)} MB left, and ${megabytes(reserve)} MB are kept back: ` +
      'pictures are refused until there is room. Searches and deletions go on. Free some space.'
    )
  }

  get #ballastBytes(): number {
    return Math.min(minReserve, this.reserve) / 2
  }

  #keepBallast(): void {
    if (existsSync(this.#ballast) || this.free < this.reserve + 2 * this.#ballastBytes) return
    try {
      // Zeros would take no room where the file system compresses.
      writeFileSync(this.#ballast, randomBytes(this.#ballastBytes))
    } catch {
      rmSync(this.#ballast, { force: true })
    }
  }
}

function megabytes(bytes: number): string {
  return (Math.max(0, bytes) / MB).toFixed(1)
}
