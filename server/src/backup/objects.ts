import { createHash, randomUUID } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { moveDurably } from '../sqlite/durable-files.ts'

export interface StoredObject {
  readonly sha256: string
  readonly bytes: number
}

/** Bytes by their SHA-256, below `objects/`: equal ones are kept once, whichever snapshots name them. */
export class Objects {
  readonly #root: string
  readonly #staging: string

  /** @param folder that of the backup */
  constructor(folder: string) {
    this.#root = join(folder, 'objects')
    this.#staging = join(folder, 'staging')
  }

  /** Makes the folders, and removes what a killed process left half written. */
  async prepare(): Promise<void> {
    await mkdir(this.#root, { recursive: true })
    await rm(this.#staging, { recursive: true, force: true })
    await mkdir(this.#staging, { recursive: true })
  }

  /** Where something may lie while it is made. */
  staged(): string {
    return join(this.#staging, randomUUID())
  }

  path(sha256: string): string {
    return join(this.#root, sha256.slice(0, 2), sha256)
  }

  /** Its length; null where it is not there. */
  async size(sha256: string): Promise<number | null> {
    const found = await stat(this.path(sha256)).catch(() => null)
    return found?.isFile() ? found.size : null
  }

  /** Keeps what a stream gives: on disk when this resolves. */
  async put(source: Readable): Promise<StoredObject & { isNew: boolean }> {
    const staged = this.staged()
    const hash = createHash('sha256')
    let bytes = 0
    try {
      await pipeline(
        source,
        async function* (chunks: AsyncIterable<Buffer>) {
          for await (const chunk of chunks) {
            hash.update(chunk)
            bytes += chunk.length
            yield chunk
          }
        },
        createWriteStream(staged),
      )
      return await this.#keep(staged, { sha256: hash.digest('hex'), bytes })
    } finally {
      await rm(staged, { force: true })
    }
  }

  /** The same of bytes that are at hand. */
  async putBytes(bytes: Uint8Array): Promise<StoredObject & { isNew: boolean }> {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const object = { sha256, bytes: bytes.length }
    if ((await this.size(sha256)) === bytes.length) return { ...object, isNew: false }
    const staged = this.staged()
    await writeFile(staged, bytes)
    return this.#keep(staged, object)
  }

  async read(sha256: string): Promise<Buffer> {
    return readFile(this.path(sha256))
  }

  /** Whether its bytes are those of its name; null where it is not there. */
  async isWhole(sha256: string): Promise<boolean | null> {
    if ((await this.size(sha256)) === null) return null
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(this.path(sha256))) hash.update(chunk as Buffer)
    return hash.digest('hex') === sha256
  }

  /** A damaged one makes room for a whole one of its name. */
  async putAside(sha256: string): Promise<void> {
    await rename(this.path(sha256), `${this.path(sha256)}.damaged`)
  }

  /** Deletes all that are not wanted, and returns how many bytes that were. */
  async removeAllBut(wanted: ReadonlySet<string>): Promise<number> {
    let freed = 0
    for (const folder of await readdir(this.#root)) {
      for (const name of await readdir(join(this.#root, folder))) {
        if (wanted.has(name)) continue
        const path = join(this.#root, folder, name)
        freed += (await stat(path)).size
        await rm(path)
      }
    }
    return freed
  }

  async #keep(staged: string, object: StoredObject) {
    const isNew = (await this.size(object.sha256)) !== object.bytes
    if (isNew) await moveDurably(staged, this.path(object.sha256))
    return { ...object, isNew }
  }
}
