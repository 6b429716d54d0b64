/** Records that are being written, by one or more at once: how they will be is not known yet. */
export class WritesUnderWay {
  readonly #writers = new Map<string, number>()

  begin(ids: readonly string[]): void {
    for (const id of ids) this.#writers.set(id, (this.#writers.get(id) ?? 0) + 1)
  }

  end(ids: readonly string[]): void {
    for (const id of ids) {
      const writers = this.#writers.get(id)! - 1
      if (writers > 0) this.#writers.set(id, writers)
      else this.#writers.delete(id)
    }
  }

  has(id: string): boolean {
    return this.#writers.has(id)
  }

  get ids(): string[] {
    return [...this.#writers.keys()]
  }
}
