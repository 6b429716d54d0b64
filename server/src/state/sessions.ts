import { createHash, randomBytes } from 'node:crypto'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { explained } from '../sqlite/errors.ts'
import { stateFile } from './state-file.ts'

/** As long as browsers keep a cookie: the page asks for the key once. */
export const sessionSeconds = 400 * 24 * 3600
/** Of one key; the one that ends first goes. */
const maxSessions = 1000

/**
 * Who is signed in, across restarts. A session is 256 random bits that say nothing of the key; only their
 * hash is kept, so that nobody can make a cookie of what lies here.
 */
export class Sessions {
  /** Tells the cookies of this server from those of others on the same host, whatever their ports. */
  readonly cookieName: string
  readonly #find: StatementSync
  readonly #insert: StatementSync
  readonly #delete: StatementSync
  readonly #prune: StatementSync

  constructor(database: DatabaseSync) {
    this.cookieName = `lookalike_session_${database.prepare('SELECT cookie FROM server').get()!['cookie']}`
    this.#find = database.prepare(
      'SELECT key_id FROM sessions WHERE token_sha256 = ? AND expires > ?',
    )
    this.#insert = database.prepare('INSERT INTO sessions VALUES (?, ?, ?)')
    this.#delete = database.prepare('DELETE FROM sessions WHERE token_sha256 = ?')
    this.#prune = database.prepare(
      `DELETE FROM sessions WHERE expires <= ? OR token_sha256 IN (
         SELECT token_sha256 FROM sessions WHERE key_id = ? ORDER BY expires DESC LIMIT -1 OFFSET ?
       )`,
    )
  }

  /** @returns what the cookie is to hold */
  begin(keyId: string): string {
    const token = randomBytes(32).toString('base64url')
    const now = nowSeconds()
    explained(stateFile, () => {
      this.#prune.run(now, keyId, maxSessions - 1)
      this.#insert.run(hash(token), keyId, now + sessionSeconds)
    })
    return token
  }

  /** Of which key the session is; null where there is no such session any more. */
  keyOf(token: string): string | null {
    const row = explained(stateFile, () => this.#find.get(hash(token), nowSeconds()))
    return (row?.['key_id'] as string | undefined) ?? null
  }

  end(token: string): void {
    explained(stateFile, () => this.#delete.run(hash(token)))
  }
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1000)
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}
