import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { transaction } from '../sqlite/open.ts'
import { explained } from '../sqlite/errors.ts'
import { stateFile } from './state-file.ts'

/** A question that outlives its files: what was asked, and the vectors that were made of it. */
export interface StoredQuestion {
  readonly id: string
  /** The one that made the vectors. */
  readonly embedderId: string
  /** As it was asked, and what is known of its parts: shapes of whoever keeps it. */
  readonly asked: unknown
  readonly parts: unknown
  /** One for each part, of one length. */
  readonly vectors: readonly Float32Array[]
}

/** Questions of one library; those that nobody names any more are swept away. */
export class KeptQuestions {
  readonly #database: DatabaseSync
  readonly #library: string
  readonly #statements: Record<
    'get' | 'put' | 'renew' | 'thumbnail' | 'putThumbnail' | 'sweep',
    StatementSync
  >

  constructor(database: DatabaseSync, library: string) {
    this.#database = database
    this.#library = library
    this.#statements = {
      get: database.prepare('SELECT * FROM questions WHERE id = ? AND library = ?'),
      put: database.prepare('INSERT OR IGNORE INTO questions VALUES (?, ?, ?, ?, ?, ?, ?)'),
      renew: database.prepare(
        'UPDATE questions SET embedder = ?, length = ?, vectors = ? WHERE id = ?',
      ),
      thumbnail: database.prepare(
        'SELECT bytes FROM question_thumbnails WHERE question = ? AND part = ?',
      ),
      putThumbnail: database.prepare('INSERT OR IGNORE INTO question_thumbnails VALUES (?, ?, ?)'),
      sweep: database.prepare(
        `DELETE FROM questions WHERE id NOT IN (SELECT question FROM searches WHERE question IS NOT NULL)
         AND id NOT IN (SELECT question FROM feedback)`,
      ),
    }
  }

  get(id: string): StoredQuestion | null {
    const row = this.#statements.get.get(id, this.#library)
    if (!row) return null
    return {
      id,
      embedderId: row['embedder'] as string,
      asked: JSON.parse(row['asked'] as string),
      parts: JSON.parse(row['parts'] as string),
      vectors: vectorsOf(row['vectors'] as Uint8Array, row['length'] as number),
    }
  }

  /**
   * Keeps a question; one that is kept already stays as it is. Whoever names it does so in `alongside`, in the same
   * transaction.
   *
   * @param thumbnails WebP by the place of their part
   */
  put(
    { id, embedderId, asked, parts, vectors }: StoredQuestion,
    thumbnails: ReadonlyMap<number, Uint8Array>,
    alongside: () => void,
  ): void {
    explained(stateFile, () =>
      transaction(this.#database, () => {
        const { put, putThumbnail } = this.#statements
        const length = vectors[0]?.length ?? 0
        put.run(
          id,
          this.#library,
          embedderId,
          JSON.stringify(asked),
          JSON.stringify(parts),
          length,
          bytesOf(vectors),
        )
        for (const [part, bytes] of thumbnails) putThumbnail.run(id, part, bytes)
        alongside()
      }),
    )
  }

  /** The same question in the vectors of another embedder. */
  renew(id: string, embedderId: string, vectors: readonly Float32Array[]): void {
    explained(stateFile, () =>
      this.#statements.renew.run(embedderId, vectors[0]?.length ?? 0, bytesOf(vectors), id),
    )
  }

  /** WebP; null for a part that has none. */
  thumbnail(id: string, part: number): Uint8Array | null {
    const row = this.#statements.thumbnail.get(id, part)
    return (row?.['bytes'] as Uint8Array | undefined) ?? null
  }

  /** Forgets those that nobody names. */
  sweep(): void {
    explained(stateFile, () => this.#statements.sweep.run())
  }
}

function bytesOf(vectors: readonly Float32Array[]): Uint8Array {
  const length = vectors[0]?.length ?? 0
  const numbers = new Float32Array(vectors.length * length)
  vectors.forEach((vector, at) => numbers.set(vector, at * length))
  return new Uint8Array(numbers.buffer)
}

function vectorsOf(bytes: Uint8Array, length: number): Float32Array[] {
  // Copied: SQLite's bytes need not lie where four-byte numbers may.
  const numbers = new Float32Array(bytes.slice().buffer)
  const count = length === 0 ? 0 : numbers.length / length
  return Array.from({ length: count }, (_, at) => numbers.slice(at * length, (at + 1) * length))
}
