import type { LruTable } from './lru-table.ts'

interface Note {
  readonly refused: string[]
  /** Milliseconds since 1970. */
  readonly since: number
}

/** Servers are updated: after a week, everything is tried again. */
const keptMs = 7 * 86_400_000

/** Which optional parameters models refuse, by a name of the model, across restarts. */
export class RefusedParameters {
  readonly #table: LruTable

  constructor(table: LruTable) {
    this.#table = table
  }

  get(model: string): ReadonlySet<string> {
    const bytes = this.#table.get(`refused:${model}`)
    const note = bytes && (JSON.parse(Buffer.from(bytes).toString()) as Note)
    return new Set(note && Date.now() - note.since < keptMs ? note.refused : [])
  }

  add(model: string, refused: ReadonlySet<string>): void {
    const note: Note = {
      refused: [...new Set([...this.get(model), ...refused])],
      since: Date.now(),
    }
    this.#table.put(`refused:${model}`, Buffer.from(JSON.stringify(note)))
  }
}
