import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { LookalikeError } from '../errors.ts'
import { explained } from '../sqlite/errors.ts'
import { stateFile } from './state-file.ts'

/** How far a full cache is emptied, so that it does not delete with every entry it takes. */
const keptShare = 0.95
const deletedAtOnce = 200

/** Bytes by key in `state.db`, of bounded size; the least recently used go first. */
export class LruTable {
  readonly #maxBytes: number
  readonly #statements: Record<'get' | 'touch' | 'put' | 'total' | 'oldest' | 'drop', StatementSync>
  #bytes: number

  constructor(database: DatabaseSync, maxBytes: number) {
    const next = '(SELECT coalesce(max(used), 0) + 1 FROM remembered)'
    this.#maxBytes = maxBytes
    this.#statements = {
      get: database.prepare('SELECT value FROM remembered WHERE key = ?'),
      touch: database.prepare(`UPDATE remembered SET used = ${next} WHERE key = ?`),
      put: database.prepare(
        `INSERT OR REPLACE INTO remembered (key, used, bytes, value) VALUES (?, ${next}, ?, ?)`,
      ),
      total: database.prepare('SELECT coalesce(sum(bytes), 0) AS bytes FROM remembered'),
      oldest: database.prepare('SELECT used, bytes FROM remembered ORDER BY used LIMIT ?'),
      drop: database.prepare('DELETE FROM remembered WHERE used <= ?'),
    }
    this.#bytes = this.#count()
    this.#unlessFull(() => this.#makeRoom())
  }

  /** What is kept, about. */
  get bytes(): number {
    return this.#bytes
  }

  get(key: string): Uint8Array | undefined {
    const row = this.#statements.get.get(key)
    if (row) this.#unlessFull(() => this.#statements.touch.run(key))
    return row?.['value'] as Uint8Array | undefined
  }

  put(key: string, value: Uint8Array): void {
    const bytes = key.length + value.byteLength
    this.#unlessFull(() => {
      this.#statements.put.run(key, bytes, value)
      this.#bytes += bytes
      this.#makeRoom()
    })
  }

  /** An answer that cannot be remembered on a full disk is an answer all the same. */
  #unlessFull(write: () => void): void {
    try {
      explained(stateFile, write)
    } catch (error) {
      if (!(error instanceof LookalikeError && error.code === 'storage_full')) throw error
    }
  }

  #makeRoom(): void {
    if (this.#bytes <= this.#maxBytes) return
    // Other processes write too, and replaced entries were counted twice: look before deleting.
    this.#bytes = this.#count()
    if (this.#bytes <= this.#maxBytes) return
    while (this.#bytes > this.#maxBytes * keptShare) this.#dropOldest()
  }

  #dropOldest(): void {
    const oldest = this.#statements.oldest.all(deletedAtOnce) as { used: number; bytes: number }[]
    let last = 0
    for (const { used, bytes } of oldest) {
      if (this.#bytes <= this.#maxBytes * keptShare) break
      this.#bytes -= bytes
      last = used
    }
    this.#statements.drop.run(last)
  }

  #count(): number {
    return (this.#statements.total.get() as { bytes: number }).bytes
  }
}
