import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { backup, type DatabaseSync } from 'node:sqlite'
import { moveDurably } from './durable-files.ts'

const folderName = 'snapshots'
const unfinished = '.part'
/** 256 pages of 4 KiB a step: other work waits for a step, and for no more. */
const pagesPerStep = 256

export interface DatabaseCopy {
  /** Relative to DATA_DIR. */
  readonly file: string
  readonly bytes: number
}

export interface CopiedDatabase {
  readonly database: DatabaseSync
  /** Its folder, which gets `snapshots/`. */
  readonly folder: string
  /** Its file there. */
  readonly name: string
  /** Keeps so many bytes of the disk until it is called, or throws where there are none. */
  readonly claim: (bytes: number) => () => void
}

/** Copies of a database as it is at one moment, taken while it is read and written. */
export class Snapshots {
  readonly #from: CopiedDatabase
  #running: Promise<DatabaseCopy> | undefined

  constructor(from: CopiedDatabase) {
    this.#from = from
  }

  /** Resolves once the copy is on disk under its name. One at a time: who asks meanwhile shares it. */
  take(): Promise<DatabaseCopy> {
    this.#running ??= this.#copy().finally(() => (this.#running = undefined))
    return this.#running
  }

  async close(): Promise<void> {
    await this.#running?.catch(() => {})
  }

  async #copy(): Promise<DatabaseCopy> {
    const { database, name: source, claim } = this.#from
    const folder = join(this.#from.folder, folderName)
    const kind = basename(source, '.db')
    await mkdir(folder, { recursive: true })
    await removeUnfinished(folder, kind)
    const name = `${kind}-${new Date().toISOString().replaceAll(/[:.]/g, '-')}.db`
    const part = join(folder, name + unfinished)
    const release = claim((await stat(join(this.#from.folder, source))).size)
    try {
      await backup(database, part, { rate: pagesPerStep })
      await moveDurably(part, join(folder, name))
    } catch (error) {
      await removeUnfinished(folder, kind)
      throw error
    } finally {
      release()
    }
    const { size } = await stat(join(folder, name))
    return { file: `${folderName}/${name}`, bytes: size }
  }
}

/** What a killed process, or a full disk, left. */
async function removeUnfinished(folder: string, kind: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const isOurs = name.startsWith(`${kind}-`) && name.includes(unfinished)
    if (isOurs) await rm(join(folder, name), { force: true })
  }
}
