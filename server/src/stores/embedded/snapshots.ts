import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { backup, type DatabaseSync } from 'node:sqlite'
import { moveDurably } from '../../sqlite/durable-files.ts'
import type { Room } from '../../data-dir/room.ts'
import type { Snapshot } from '../image-store.ts'
import { libraryFile } from './truth/library-file.ts'

const unfinished = '.part'
/** 256 pages of 4 KiB a step: other work waits for a step, and for no more. */
const pagesPerStep = 256

/** Copies of `library.db` as it is at one moment, taken while it is read and written. */
export class Snapshots {
  readonly #database: DatabaseSync
  readonly #dataDir: string
  readonly #room: Room
  #running: Promise<Snapshot> | undefined

  constructor(database: DatabaseSync, dataDir: string, room: Room) {
    this.#room = room
    this.#database = database
    this.#dataDir = dataDir
  }

  /** Resolves once the copy is on disk under its name. One at a time: who asks meanwhile shares it. */
  take(images: number): Promise<Snapshot> {
    this.#running ??= this.#copy(images).finally(() => (this.#running = undefined))
    return this.#running
  }

  async close(): Promise<void> {
    await this.#running?.catch(() => {})
  }

  async #copy(images: number): Promise<Snapshot> {
    const folder = join(this.#dataDir, 'snapshots')
    await mkdir(folder, { recursive: true })
    await removeUnfinished(folder)
    const name = `library-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.db`
    const part = join(folder, name + unfinished)
    const { size: expected } = await stat(join(this.#dataDir, libraryFile.name))
    const release = this.#room.claim(expected)
    try {
      await backup(this.#database, part, { rate: pagesPerStep })
      await moveDurably(part, join(folder, name))
    } catch (error) {
      await removeUnfinished(folder)
      throw error
    } finally {
      release()
    }
    const { size } = await stat(join(folder, name))
    return { file: `snapshots/${name}`, images, bytes: size }
  }
}

/** What a killed process, or a full disk, left. */
async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.includes(unfinished)) await rm(join(folder, name), { force: true })
  }
}
