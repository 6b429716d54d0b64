import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { explained } from '../sqlite/errors.ts'
import { stateFile } from './state-file.ts'

/** What a model was found to be when it was asked. */
export interface LearnedModel {
  readonly dimensions: number
  /** Whether it embeds texts as well. */
  readonly words: boolean
}

/** What was found out about models, by a name of each, so that a start need not ask again. */
export class LearnedModels {
  readonly #get: StatementSync
  readonly #put: StatementSync

  constructor(database: DatabaseSync) {
    this.#get = database.prepare('SELECT dimensions, words FROM learned_models WHERE name = ?')
    this.#put = database.prepare('INSERT OR REPLACE INTO learned_models VALUES (?, ?, ?)')
  }

  read(name: string): LearnedModel | undefined {
    const row = this.#get.get(name) as { dimensions: number; words: number } | undefined
    return row && { dimensions: row.dimensions, words: row.words === 1 }
  }

  write(name: string, { dimensions, words }: LearnedModel): void {
    explained(stateFile, () => this.#put.run(name, dimensions, words ? 1 : 0))
  }
}
