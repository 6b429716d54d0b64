import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { flushFile, flushFileSync } from '../../../sqlite/durable-files.ts'
import { Codes } from '../codes/codes.ts'
import { VectorIndex, type IndexShape } from './vector-index.ts'

/** A process that dies this often while opening the index was killed by what is in it. */
const maxAttempts = 2

/**
 * The folder `vectors/`: the collection, the codes of its vectors, and two notes beside them. `attempts` counts openings that were
 * begun and never `proven`; `seal` names the state of the library that the collection was closed in.
 */
export class IndexFolder {
  readonly #folder: string
  readonly #shape: IndexShape

  constructor(folder: string, shape: IndexShape) {
    this.#folder = folder
    this.#shape = shape
  }

  /**
   * The index that was closed under this seal; null when it is another one, or cannot be used. Whoever opens
   * it asks it something next, and says so.
   */
  openSealed(seal: string): VectorIndex | null {
    if (this.#read('seal') !== seal || this.#attempts >= maxAttempts) return null
    try {
      // Memory-mapped files can end the process where a damaged one should have been an error.
      this.resume()
      return VectorIndex.open(this.#collection, this.#shape)
    } catch {
      return null
    }
  }

  /** The index that was opened is not asked for a while: a process that ends meanwhile was not killed by what is in it. */
  pause(): void {
    this.#write('attempts', String(this.#attempts - 1))
  }

  /** From now on it may be. */
  resume(): void {
    this.#write('attempts', String(this.#attempts + 1))
  }

  /** The index that was opened has answered. */
  proven(): void {
    rmSync(join(this.#folder, 'attempts'), { force: true })
  }

  /** An empty index; what was there is thrown away. */
  recreate(): Promise<VectorIndex> {
    rmSync(this.#folder, { recursive: true, force: true })
    mkdirSync(this.#folder, { recursive: true })
    return VectorIndex.create(this.#collection, this.#shape)
  }

  /** Those of the index that is there, yet to be read. */
  openCodes(): Codes {
    return new Codes(this.#codes, this.#shape.dimensions)
  }

  /** How much of the disk it takes. */
  bytes(): number {
    try {
      // Files have holes: what is written counts, in blocks of 512 bytes.
      return this.#files().reduce((sum, path) => sum + 512 * statSync(path).blocks, 0)
    } catch {
      return 0
    }
  }

  /** Brings most of what was written to disk while the collection is in use, so that `seal` is quick. */
  async sync(): Promise<void> {
    // The collection may have replaced a file meanwhile, and `seal` sees to every one that is left.
    for (const path of this.#files()) await flushFile(path).catch(() => {})
  }

  /** Notes that the collection, closed now, is all on disk. */
  seal(seal: string): void {
    for (const path of this.#files()) flushFileSync(path)
    this.#write('seal', seal)
  }

  get #attempts(): number {
    return Number(this.#read('attempts') ?? 0)
  }

  get #codes(): string {
    return join(this.#folder, 'codes')
  }

  get #collection(): string {
    return join(this.#folder, 'collection')
  }

  #files(): string[] {
    const collection = readdirSync(this.#collection, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
    return existsSync(this.#codes) ? [...collection, this.#codes] : collection
  }

  #read(name: string): string | null {
    try {
      return readFileSync(join(this.#folder, name), 'utf8')
    } catch {
      return null
    }
  }

  #write(name: string, text: string): void {
    writeFileSync(join(this.#folder, name), text, { flush: true })
  }
}
