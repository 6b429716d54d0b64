import type { DatabaseSync } from 'node:sqlite'
import { filterDocument } from '../../../records/filter.ts'
import type { ImageRecord, Metadata } from '../../../records/record.ts'
import { termsOf } from '../../../records/terms.ts'
import { Statements } from '../../../sqlite/statements.ts'

/**
 * Which words stand in which record: SQLite's own full-text index, without the texts. Terms come folded and in single spaces,
 * so its simplest tokenizer takes them apart as they are; where in a record a word stands is not asked.
 */
const table = `CREATE VIRTUAL TABLE words USING fts5(
  terms, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
)`

/**
 * Each transaction leaves a part of the index. Sixteen parts are merged at once by default, whatever their size, in the
 * transaction that makes the last of them: tenths of a second at 10,000 records. So parts may become many, and every
 * transaction merges a little (www.sqlite.org/fts5.html#the_merge_command).
 */
export const mergeWordsInSteps = `INSERT INTO words (words, rank) VALUES ('crisismerge', 1000)`
/** By itself it merges some hundred pages whenever 64 were written or records deleted: 80 ms in one of many deletions. */
export const mergeNoWordsBeside = `INSERT INTO words (words, rank) VALUES ('automerge', 0)`
/** Pages that a transaction merges, in a few milliseconds. */
const mergedPages = 15n

/** The words of records, which change with their record. */
export class StoredWords {
  readonly #statements: Statements

  constructor(statements: Statements) {
    this.#statements = statements
  }

  add(row: number, record: ImageRecord): void {
    this.#statements.run('INSERT INTO words (rowid, terms) VALUES (?, ?)', [
      row,
      termsOf(filterDocument(record)).join(' '),
    ])
  }

  /** What each transaction owes that added or removed any. */
  merge(): void {
    this.#statements.run("INSERT INTO words (words, rank) VALUES ('merge', ?)", [mergedPages])
  }

  remove(row: number): void {
    this.#statements.run('DELETE FROM words WHERE rowid = ?', [row])
  }
}

const walked = 1_000

/** Makes the index of a library that has none. A version that writes other terms makes it anew in the same way. */
export function indexWords(database: DatabaseSync): void {
  database.exec(table)
  const statements = new Statements(database)
  const words = new StoredWords(statements)
  const sql = `SELECT row, image_uri, description, tags, metadata FROM images WHERE row > ? ORDER BY row LIMIT ${walked}`
  for (let last = 0; ;) {
    const rows = statements.all(sql, [last])
    for (const { row, image_uri, description, tags, metadata } of rows) {
      words.add(row as number, {
        id: '',
        imageUri: image_uri as string,
        description: description as string,
        ...(tags !== null && { tags: JSON.parse(tags as string) as string[] }),
        metadata: JSON.parse(metadata as string) as Metadata,
        file: null,
        embedderId: null,
        indexedAt: null,
      })
    }
    if (rows.length < walked) return
    last = rows.at(-1)!['row'] as number
  }
}
