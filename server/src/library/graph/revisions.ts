import type { DatabaseSync } from 'node:sqlite'

/**
 * Numbers the states of the graph, so that one which came back empty, or from a backup, is noticed. Every
 * write to it leaves a number behind that was assigned, durably, before the library changed; a graph
 * whose number is lower than the last it was told, or of another library, is not the one that was written.
 */
export class Revisions {
  readonly #epoch: string
  readonly #update: (assigned: number, told: number) => void
  #assigned: number
  #told: number

  /** @param database has a table `revisions` of one row */
  constructor(database: DatabaseSync) {
    const row = database.prepare('SELECT * FROM revisions').get()!
    this.#epoch = row['epoch'] as string
    this.#assigned = row['assigned'] as number
    this.#told = row['told'] as number
    const update = database.prepare('UPDATE revisions SET assigned = ?, told = ?')
    this.#update = (assigned, told) => void update.run(assigned, told)
  }

  /** What to leave with the graph by the next write. */
  get current(): string {
    return `${this.#epoch} ${this.#assigned}`
  }

  /** The last that the graph is known to have. */
  get told(): number {
    return this.#told
  }

  /** Notes that the graph has that revision; not durable until the next `save`. */
  tell(revision: string): void {
    this.#told = this.#numberOf(revision) ?? this.#told
  }

  /** Whatever the graph has from now on is right, until it is told again. */
  forget(): void {
    this.#told = 0
  }

  /**
   * Whether a graph with that revision can be the one that was last told `since`.
   *
   * @param revision null for a graph without one
   */
  isInStep(revision: string | null, since: number): boolean {
    // Graphs that were never told have none, as those that an older Lookalike wrote to.
    if (since === 0) return true
    const number = revision === null ? null : this.#numberOf(revision)
    return number !== null && number >= since && number <= this.#assigned
  }

  /** Part of a transaction. */
  save(assignNext: boolean): void {
    if (assignNext) this.#assigned++
    this.#update(this.#assigned, this.#told)
  }

  #numberOf(revision: string): number | null {
    const [epoch, number] = revision.split(' ')
    return epoch === this.#epoch ? Number(number) : null
  }
}
