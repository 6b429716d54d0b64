import type { DatabaseSync } from 'node:sqlite'
import { dot } from '../../../records/vectors.ts'
import { Statements, type Row } from '../../../sqlite/statements.ts'
import { transaction } from '../../../sqlite/open.ts'
import { recordId } from '../../../records/record-id.ts'
import { factsOf } from '../filter/facts.ts'
import { columnList, toRecord } from '../truth/columns.ts'
import { StoredFacts } from '../truth/stored-facts.ts'
import { StoredVectors } from '../truth/stored-vectors.ts'

const batch = 500

/** What does not fit together among the tables of a library; lists are of ids of records. */
export interface RecordTrouble {
  readonly records: number
  /** Of which there is no vector, or none that is a direction in so many dimensions. */
  readonly withoutVector: string[]
  /** Rows of vectors that no record has. */
  readonly strayVectors: number
  /** Whose metadata cannot be read. */
  readonly unreadable: string[]
  /** Known by another id than their image URI gives. */
  readonly misnamed: string[]
  /** Whether filters would find other records than those that they ask for. */
  readonly factsDiffer: boolean
  /** Whether a change to come would get a number that another had. */
  readonly versionsRepeat: boolean
}

/** Reads every record, and changes nothing. */
export function checkRecords(database: DatabaseSync, dimensions: number): RecordTrouble {
  const statements = new Statements(database)
  const vectors = new StoredVectors(statements)
  const withoutVector: string[] = []
  const unreadable: string[] = []
  const misnamed: string[] = []
  let facts = 0
  let areFactsThere = true
  let records = 0
  for (const found of rows(statements)) {
    records++
    const id = found['id'] as string
    const [stored] = vectors.ofRows([found['row'] as number])
    if (!stored || !isDirection(stored.vector, dimensions)) withoutVector.push(id)
    try {
      const record = toRecord(found)
      if (recordId(record.imageUri) !== id) misnamed.push(id)
      const own = new Set(factsOf(record).map((fact) => JSON.stringify(fact)))
      facts += own.size
      areFactsThere &&= [...own].every((fact) => hasFact(statements, found['row'], fact))
    } catch {
      unreadable.push(id)
    }
  }
  const one = (sql: string) => Number(statements.one(sql)['n'])
  const lastVersion = one('SELECT coalesce(max(version), 0) AS n FROM images')
  const noted = one(`SELECT coalesce(max(value), 0) AS n FROM library WHERE key = 'version'`)
  return {
    records,
    withoutVector,
    strayVectors: [...strays(vectors)].length,
    unreadable,
    misnamed,
    // What cannot be read has facts as well, and nobody knows which.
    factsDiffer:
      !areFactsThere ||
      (unreadable.length === 0 && one('SELECT count(*) AS n FROM facts') !== facts),
    versionsRepeat: lastVersion > noted,
  }
}

export function removeStrayVectors(database: DatabaseSync): void {
  const vectors = new StoredVectors(new Statements(database))
  transaction(database, () => {
    for (const row of strays(vectors)) vectors.remove(row)
  })
}

/** Makes the facts of every record that can be read anew, as one. */
export function remakeFacts(database: DatabaseSync): void {
  const statements = new Statements(database)
  const stored = new StoredFacts(statements)
  transaction(database, () => {
    database.exec('DELETE FROM facts')
    for (const found of rows(statements)) {
      const record = readable(found)
      if (record) stored.add(found['row'] as number, record)
    }
  })
}

/** Lets versions go on behind the last that was given. */
export function mendVersions(database: DatabaseSync): void {
  database.exec(
    `INSERT OR REPLACE INTO library SELECT 'version', coalesce(max(version), 0) FROM images`,
  )
}

function readable(found: Row) {
  try {
    return toRecord(found)
  } catch {
    return null
  }
}

function* rows(statements: Statements): Generator<Row> {
  for (let after = 0; ;) {
    const some = statements.all(
      `SELECT row, ${columnList} FROM images WHERE row > ? ORDER BY row LIMIT ${batch}`,
      [after],
    )
    yield* some
    if (some.length < batch) return
    after = some.at(-1)!['row'] as number
  }
}

/** Rows of vectors that no record has. */
function* strays(vectors: StoredVectors): Generator<number> {
  for (let after = 0; ;) {
    const held = vectors.after(after, batch).map(({ row }) => row)
    if (held.length === 0) return
    const known = new Set(vectors.versions(held).map(({ row }) => row))
    yield* held.filter((row) => !known.has(row))
    after = held.at(-1)!
  }
}

/** Its length is 1, as nearly as any embedder that there was made it. */
function isDirection(vector: Float32Array, dimensions: number): boolean {
  return vector.length === dimensions && Math.abs(dot(vector, vector) - 1) < 1e-3
}

function hasFact(statements: Statements, row: unknown, fact: string): boolean {
  const { key, kind, value } = JSON.parse(fact) as ReturnType<typeof factsOf>[number]
  const sql = 'SELECT 1 FROM facts WHERE key = ? AND kind = ? AND value = ? AND row = ?'
  return statements.first(sql, [key, kind, value, row as number]) !== undefined
}
