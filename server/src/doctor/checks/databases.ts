import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { graphFile } from '../../graph/embedded/truth.ts'
import { copiesFile } from '../../library/copies/known-copies.ts'
import { outboxFile } from '../../library/graph/outbox.ts'
import { mapFile } from '../../library/map/map-file.ts'
import type { DatabaseFile } from '../../sqlite/database-file.ts'
import { openDatabase } from '../../sqlite/open.ts'
import { stateFile } from '../../state/state-file.ts'
import { libraryFile } from '../../stores/embedded/truth/library-file.ts'
import type { Findings } from '../finding.ts'
import type { Patient } from '../patient.ts'
import { quarantine } from '../quarantine.ts'

/** Every database that may lie in DATA_DIR, those first that hold what nothing can make again. */
export const databaseFiles: readonly DatabaseFile[] = [
  libraryFile,
  graphFile,
  stateFile,
  outboxFile,
  copiesFile,
  mapFile,
]

/** What is in these can be made again from the others. */
const derived = [outboxFile, copiesFile, mapFile]

/** Looks through every page of the databases, and at their versions. */
export function checkDatabases(patient: Patient, findings: Findings): void {
  if (patient.server) return checkCopy(patient, findings)
  const there = databaseFiles.filter(({ name }) => existsSync(join(patient.dataDir, name)))
  for (const file of there) check(patient, file, findings)
  findings.looked(`${there.length} databases`)
}

/** Of a library in use the copy of its records, with all of its pages. */
function checkCopy(patient: Patient, findings: Findings): void {
  const copy = patient.embedded()
  if (!copy) return
  const trouble = problemsOf(copy.database)
  findings.looked('a copy of library.db')
  if (trouble.length === 0) return
  const message = 'library.db has damaged pages: stop the server, and look again for what to do.'
  findings.found({ code: 'damaged_database', message, count: trouble.length, items: trouble })
}

function check(patient: Patient, file: DatabaseFile, findings: Findings): void {
  const { name, migrations } = file
  const path = join(patient.dataDir, name)
  const trouble = examine(path)
  if (trouble.length > 0) {
    patient.unusable.add(name)
    findings.found({
      code: 'damaged_database',
      message: derived.includes(file)
        ? `${name} has damaged pages; what it holds can be made again.`
        : `${name} has damaged pages, and what lies on them cannot be made again: put a backup in its place ` +
          `(\`lookalike restore\`), or save what can be saved with \`sqlite3 ${name} .recover\`.`,
      count: trouble.length,
      items: trouble,
      repair: repairOf(patient, file, path),
    })
    return
  }
  const version = versionOf(path)
  if (version > migrations.length) {
    patient.unusable.add(name)
    findings.found({
      code: 'newer_format',
      message: `${name} was made by a newer Lookalike: use that one, here as well.`,
      count: 1,
      items: [`version ${version}; this one knows ${migrations.length}`],
    })
  } else if (version < migrations.length) {
    patient.unusable.add(name)
    findings.found({
      code: 'older_format',
      message:
        `${name} is of version ${version}, and this Lookalike's is ${migrations.length}: what it holds was not looked at. ` +
        'A start brings it up to date, and so does --repair, which then looks.',
      count: 1,
      items: [name],
      repair: () => {
        openDatabase(patient.dataDir, file).close()
        patient.unusable.delete(name)
        return 'brought it up to date'
      },
    })
  }
}

const shownProblems = 10

function examine(path: string): string[] {
  try {
    const database = new DatabaseSync(path, { timeout: 2000 })
    try {
      return problemsOf(database)
    } finally {
      database.close()
    }
  } catch (error) {
    return [(error as Error).message]
  }
}

function problemsOf(database: DatabaseSync): string[] {
  const pages = database.prepare(`PRAGMA integrity_check(${shownProblems})`).all()
  const keys = database.prepare('PRAGMA foreign_key_check').all()
  return [
    ...pages.map((row) => String(row['integrity_check'])).filter((text) => text !== 'ok'),
    ...keys.map(({ table, rowid }) => `row ${rowid} of ${table} refers to nothing`),
  ].slice(0, shownProblems)
}

function versionOf(path: string): number {
  const database = new DatabaseSync(path, { timeout: 2000 })
  try {
    return Number(database.prepare('PRAGMA user_version').get()!['user_version'])
  } finally {
    database.close()
  }
}

/** An index beside the rows is made anew from them; a database that can be made again is put aside. */
function repairOf(patient: Patient, file: DatabaseFile, path: string): () => Promise<string> {
  return async () => {
    if (reindexed(path)) {
      patient.unusable.delete(file.name)
      return 'made its indexes anew, from rows that are whole'
    }
    if (!derived.includes(file)) throw new Error('its rows are damaged, not only its indexes')
    for (const name of [path, `${path}-wal`, `${path}-shm`]) {
      if (existsSync(name)) await quarantine(patient.dataDir, 'databases', name)
    }
    patient.unusable.delete(file.name)
    return 'put it into quarantine/databases; the next start makes another'
  }
}

function reindexed(path: string): boolean {
  try {
    const database = new DatabaseSync(path, { timeout: 2000 })
    try {
      database.exec('REINDEX')
    } finally {
      database.close()
    }
  } catch {
    return false
  }
  return examine(path).length === 0
}
