import { inverse, type Change } from '../../images/comparison/change.ts'
import type { DatabaseFile } from '../../sqlite/database-file.ts'
import { openDatabase, transaction } from '../../sqlite/open.ts'
import { explained } from '../../sqlite/errors.ts'

/** How pictures are compared changes with this number: all are then compared again. */
const method = 1
/** Copies of copies are followed to this many. */
const maxJoined = 1000

/**
 * By content hash and not by record: bytes never change, and another embedder or another store leaves what is known of
 * them as it is; what no record names any more is forgotten. A pair is there both ways. `change` is what was
 * done to `a` to get `b`, as JSON; null for two that their hashes took for one, and that are not.
 */
export const copiesFile: DatabaseFile = {
  name: 'copies.db',
  migrations: [
    `CREATE TABLE pairs (a BLOB NOT NULL, b BLOB NOT NULL, change TEXT, PRIMARY KEY (a, b)) STRICT, WITHOUT ROWID;
     CREATE TABLE compared (sha256 BLOB PRIMARY KEY, method INTEGER NOT NULL) STRICT, WITHOUT ROWID;`,
  ],
  // Servers over one Qdrant may share a folder.
  exclusive: false,
  synchronous: 'NORMAL',
  ifDamaged: 'delete it: every picture is then compared with its neighbours once more.',
}

/** Which pictures are known to be one, because their pixels were compared. Calls are synchronous look-ups. */
export class KnownCopies {
  readonly #database
  readonly #statements

  /** @param dataDir gets `copies.db` */
  constructor(dataDir: string) {
    const database = openDatabase(dataDir, copiesFile)
    this.#database = database
    this.#statements = {
      of: database.prepare('SELECT b, change FROM pairs WHERE a = ?'),
      pair: database.prepare('SELECT change FROM pairs WHERE a = ? AND b = ?'),
      compared: database.prepare('SELECT 1 FROM compared WHERE sha256 = ? AND method = ?'),
      count: database.prepare('SELECT count(*) AS n FROM compared WHERE method = ?'),
      hashes: database.prepare(
        `SELECT * FROM (SELECT sha256 AS hash FROM compared WHERE sha256 > ? ORDER BY sha256 LIMIT ?)
         UNION SELECT * FROM (SELECT DISTINCT a AS hash FROM pairs WHERE a > ? ORDER BY a LIMIT ?)
         ORDER BY hash LIMIT ?`,
      ),
      partners: database.prepare('SELECT b FROM pairs WHERE a = ?'),
      unpair: database.prepare('DELETE FROM pairs WHERE a = ? AND b = ?'),
      unmark: database.prepare('DELETE FROM compared WHERE sha256 = ?'),
      put: database.prepare('INSERT OR REPLACE INTO pairs VALUES (?, ?, ?)'),
      mark: database.prepare('INSERT OR REPLACE INTO compared VALUES (?, ?)'),
    }
  }

  /** What was done to one picture to get the other; null: they are not the same; undefined: that is not known. */
  between(a: string, b: string): Change | null | undefined {
    const row = this.#statements.pair.get(bytesOf(a), bytesOf(b))
    return row && changeOf(row['change'])
  }

  /** The copies of a picture, with what was done to it to get them. */
  of(sha256: string): Map<string, Change> {
    const found = new Map<string, Change>()
    for (const { b, change } of this.#statements.of.all(bytesOf(sha256))) {
      if (change !== null) found.set(hexOf(b), changeOf(change)!)
    }
    return found
  }

  /** Those, their copies, and so on; the picture itself first. */
  joined(sha256: string): Set<string> {
    const found = new Set([sha256])
    for (const each of found) {
      for (const other of this.of(each).keys()) found.add(other)
      if (found.size > maxJoined) break
    }
    return found
  }

  isCompared(sha256: string): boolean {
    return this.#statements.compared.get(bytesOf(sha256), method) !== undefined
  }

  get compared(): number {
    return this.#statements.count.get(method)!['n'] as number
  }

  /** Notes what comparing a picture with others found, as one. */
  put(sha256: string, found: ReadonlyMap<string, Change | null>): void {
    explained(copiesFile, () =>
      transaction(this.#database, () => {
        const a = bytesOf(sha256)
        for (const [other, change] of found) {
          const b = bytesOf(other)
          this.#statements.put.run(a, b, change && JSON.stringify(change))
          this.#statements.put.run(b, a, change && JSON.stringify(inverse(change)))
        }
        this.#statements.mark.run(a, method)
      }),
    )
  }

  /** Notes pictures that there is nothing to compare of, as one. */
  putNothing(sha256s: readonly string[]): void {
    if (sha256s.length === 0) return
    explained(copiesFile, () =>
      transaction(this.#database, () => {
        for (const each of sha256s) this.#statements.mark.run(bytesOf(each), method)
      }),
    )
  }

  /** The next `limit` pictures that something is kept of, in the order of their hashes. */
  hashesAfter(sha256: string, limit: number): string[] {
    const after = bytesOf(sha256)
    const rows = this.#statements.hashes.all(after, limit, after, limit, limit)
    return rows.map(({ hash }) => hexOf(hash))
  }

  /** Keeps nothing more of these pictures, as one. */
  forget(sha256s: readonly string[]): void {
    if (sha256s.length === 0) return
    const { partners, unpair, unmark } = this.#statements
    explained(copiesFile, () =>
      transaction(this.#database, () => {
        for (const each of sha256s) {
          const a = bytesOf(each)
          for (const { b } of partners.all(a)) {
            unpair.run(a, b!)
            unpair.run(b!, a)
          }
          unmark.run(a)
        }
      }),
    )
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close()
  }
}

function bytesOf(sha256: string): Buffer {
  return Buffer.from(sha256, 'hex')
}

function hexOf(value: unknown): string {
  return Buffer.from(value as Uint8Array).toString('hex')
}

function changeOf(value: unknown): Change | null {
  return value === null ? null : (JSON.parse(value as string) as Change)
}
