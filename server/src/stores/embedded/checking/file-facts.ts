import type { DatabaseSync } from 'node:sqlite'
import type { FileFacts } from '../../../records/record.ts'
import { Statements } from '../../../sqlite/statements.ts'
import { transaction } from '../../../sqlite/open.ts'
import { StoredFacts } from '../truth/stored-facts.ts'
import { StoredRecords } from '../truth/stored-records.ts'
import { StoredVectors } from '../truth/stored-vectors.ts'

type Corrected = Pick<FileFacts, 'bytes' | 'missing'>

/** Says of the files of records how they are, as one; the vectors stay as they are, and so does the index. */
export function correctFiles(
  database: DatabaseSync,
  corrections: ReadonlyMap<string, Corrected>,
): void {
  const statements = new Statements(database)
  const facts = new StoredFacts(statements)
  const records = new StoredRecords(statements, new StoredVectors(statements))
  transaction(database, () => {
    for (const [sha256, { bytes, missing }] of corrections) {
      for (const { id } of records.findByContentHash([sha256])) {
        const { row, record } = records.find(id)!
        const { missing: _, ...kept } = record.file!
        const file = { ...kept, bytes, ...(missing && { missing }) }
        facts.remove(row, record)
        statements.run('UPDATE images SET bytes = ?, missing = ? WHERE row = ?', [
          bytes,
          missing ? 1 : null,
          row,
        ])
        facts.add(row, { ...record, file })
      }
    }
  })
}
