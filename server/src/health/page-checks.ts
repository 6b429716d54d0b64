import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { LookalikeError } from '../errors.ts'
import { checkPages } from '../sqlite/check-pages.ts'

/** Reading more than that, after every start, would be felt by everything else on the disk. */
const maxBytes = 10e9
/** SQLITE_CORRUPT and SQLITE_NOTADB, as primary result codes. */
const damage = [11, 26]

/**
 * Looks for damaged pages in the databases of a folder: once after a start, and again when one was met. SQLite itself
 * notices a damaged page only when it is read, which may be years later, when no backup without it is left.
 */
export class PageChecks {
  readonly #folder: string
  readonly #closing = new AbortController()
  readonly #found = new Map<string, string>()
  #running: Promise<void> | undefined

  constructor(folder: string) {
    this.#folder = folder
  }

  /** Never rejects. */
  run(): Promise<void> {
    this.#running ??= this.#checkAll().finally(() => (this.#running = undefined))
    return this.#running
  }

  /** Looks again where an error says that a page is damaged. */
  noteError({ cause }: LookalikeError): void {
    const { errcode } = (cause ?? {}) as { errcode?: number }
    if (errcode !== undefined && damage.includes(errcode & 0xff)) void this.run()
  }

  /** What was found, for people; null when nothing was. */
  get detail(): string | null {
    if (this.#found.size === 0) return null
    const files = [...this.#found].map(([name, found]) => `${name} has damaged pages (${found}).`)
    return (
      `${files.join(' ')} What lies on them cannot be read, and what was not read yet may be lost as well. Stop ` +
      'Lookalike, copy the file away, and put a snapshot or backup in its place, or save what can be saved with ' +
      '`sqlite3 FILE .recover`. Look into the log of the system: the disk may be failing.'
    )
  }

  async close(): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #checkAll(): Promise<void> {
    const { signal } = this.#closing
    const names = await readdir(this.#folder).catch(() => [])
    for (const name of names.filter((each) => each.endsWith('.db'))) {
      if (signal.aborted) return
      const path = join(this.#folder, name)
      try {
        if ((await stat(path)).size > maxBytes) continue
        const found = await checkPages(path, signal)
        if (found === null) this.#found.delete(name)
        else this.#found.set(name, found)
      } catch {
        // A file that is gone, or a check that was stopped: nothing was found.
      }
    }
  }
}
