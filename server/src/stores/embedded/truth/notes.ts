import type { Statements } from '../../../sqlite/statements.ts'

/** Things about the library that are neither record nor setting, by name. */
export class Notes {
  readonly #statements: Statements

  constructor(statements: Statements) {
    this.#statements = statements
  }

  read(key: string): string | null {
    const found = this.#statements.first('SELECT value FROM library WHERE key = ?', [key])
    return found ? String(found['value']) : null
  }

  write(key: string, value: string | number): void {
    this.#statements.run('INSERT OR REPLACE INTO library VALUES (?, ?)', [key, value])
  }

  remove(key: string): void {
    this.#statements.run('DELETE FROM library WHERE key = ?', [key])
  }
}
