import type { DatabaseSync } from 'node:sqlite'
import { isIri } from '../../sparql-text/iri.ts'
import type { DatabaseFile } from '../../sqlite/database-file.ts'
import { imageSubject } from '../subjects.ts'
import type { WriteAheadLog } from '../../sqlite/write-ahead-log.ts'
import type { EngineTask, StatementChange } from '../engine-tasks.ts'
import type { ImageDocument } from '../knowledge-graph.ts'

/** `documents` is what Lookalike says, an image a row; `people` is what people say, a statement a row. */
export const graphFile: DatabaseFile = {
  name: 'graph.db',
  migrations: [
    `CREATE TABLE documents (id TEXT PRIMARY KEY, statements TEXT NOT NULL) STRICT;
     CREATE TABLE people (statement TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;`,
    addRevisionAndMendPeople,
  ],
  exclusive: true,
  synchronous: 'FULL',
  ifInUse: 'Servers without a graph (GRAPH=none) may share one.',
}
/** Rows read at a time when the engine is loaded: some milliseconds of reading. */
const chunk = 500

/** Every statement of SQL about `graph.db`. What a method wrote is durable once it has resolved. */
export class Truth {
  readonly #database: DatabaseSync
  readonly #log: WriteAheadLog

  constructor(database: DatabaseSync, log: WriteAheadLog) {
    this.#database = database
    this.#log = log
  }

  async put(documents: ImageDocument[], revision?: string): Promise<void> {
    const put = this.#database.prepare('INSERT OR REPLACE INTO documents VALUES (?, ?)')
    await this.#log.write(() => {
      for (const { id, statements } of documents) put.run(id, statements.join('\n'))
      this.#setRevision(revision)
    })
  }

  async remove(ids: string[], revision?: string): Promise<void> {
    const remove = this.#database.prepare('DELETE FROM documents WHERE id = ?')
    await this.#log.write(() => {
      for (const id of ids) remove.run(id)
      this.#setRevision(revision)
    })
  }

  revision(): string | null {
    const row = this.#database.prepare('SELECT revision FROM revision').get()
    return (row?.['revision'] as string | undefined) ?? null
  }

  #setRevision(revision: string | undefined): void {
    if (revision === undefined) return
    this.#database.exec('DELETE FROM revision')
    this.#database.prepare('INSERT INTO revision VALUES (?)').run(revision)
  }

  async changePeople(changes: StatementChange[]): Promise<void> {
    const add = this.#database.prepare('INSERT OR IGNORE INTO people VALUES (?)')
    const remove = this.#database.prepare('DELETE FROM people WHERE statement = ?')
    // At once: the engine has them, and would be without them if it began again now.
    this.#log.commit(() => {
      for (const { change, statement } of changes) (change === 'add' ? add : remove).run(statement)
    })
    await this.#log.sync()
  }

  imageIds(): string[] {
    return this.#database
      .prepare('SELECT id FROM documents')
      .all()
      .map(({ id }) => id as string)
  }

  imageCount(): number {
    const row = this.#database.prepare('SELECT count(*) AS count FROM documents').get()
    return row!['count'] as number
  }

  /** Everything, as tasks that load it; what is written meanwhile may be in or not. */
  *tasks(): Generator<EngineTask> {
    const documents = this.#pages('documents', 'id', 'statements')
    for (const statements of documents) yield { do: 'load', graph: 'library', statements }
    const people = this.#pages('people', 'statement', 'statement')
    for (const statements of people) yield { do: 'load', graph: 'people', statements }
  }

  *#pages(table: string, key: string, column: string): Generator<string[]> {
    const read = this.#database.prepare(
      `SELECT ${key} AS key, ${column} AS value FROM ${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ${chunk}`,
    )
    for (let after = ''; ;) {
      const rows = read.all(after)
      if (rows.length > 0) yield rows.map(({ value }) => value as string)
      if (rows.length < chunk) return
      after = rows.at(-1)!['key'] as string
    }
  }
}

/**
 * Until this version an image's URI could stand in a statement though it was no IRI. The image has another
 * subject now, and what people said of it goes along.
 */
function addRevisionAndMendPeople(database: DatabaseSync): void {
  database.exec('CREATE TABLE revision (revision TEXT NOT NULL) STRICT')
  const mend = database.prepare('UPDATE OR REPLACE people SET statement = ? WHERE statement = ?')
  for (const row of database.prepare('SELECT statement FROM people').all()) {
    const statement = row['statement'] as string
    const mended = statement.replace(/^<[^>]*> <[^>]*> (?:<[^>]*> \.$)?/, (terms) =>
      terms.replace(/<([^>]*)>/g, (term, iri: string) =>
        isIri(iri) ? term : `<${imageSubject(iri)}>`,
      ),
    )
    if (mended !== statement) mend.run(mended, statement)
  }
}
