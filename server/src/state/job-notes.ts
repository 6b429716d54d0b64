import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { explained } from '../sqlite/errors.ts'
import { stateFile } from './state-file.ts'

/** How far long pieces of work are, by name and across restarts; their shape is the job's own. */
export class JobNotes {
  readonly #get: StatementSync
  readonly #put: StatementSync

  constructor(database: DatabaseSync) {
    this.#get = database.prepare('SELECT value FROM jobs WHERE name = ?')
    this.#put = database.prepare('INSERT OR REPLACE INTO jobs VALUES (?, ?)')
  }

  read<Note>(name: string): Note | null {
    const row = this.#get.get(name)
    return row ? (JSON.parse(row['value'] as string) as Note) : null
  }

  write(name: string, note: object): void {
    explained(stateFile, () => this.#put.run(name, JSON.stringify(note)))
  }
}
