import { batches } from '../../batches.ts'
import type { ImageStore } from '../../stores/image-store.ts'
import type { ImageRecord, VectorRecord } from '../../records/record.ts'
import { concurrently } from '../concurrently.ts'
import { Failures } from './failures.ts'
import { makeOver, type MakeOverParts } from './re-embed.ts'
import { isSamePicture, isSameRecord } from './same-record.ts'

/** Words that travel to a model together. */
const wordsAtOnce = 64
/** Enough for each of those at work that none waits long for the others before the batch is written. */
const roundsPerBatch = 4
const pageSize = 500

export interface CopyParts extends MakeOverParts {
  /** The library in use. */
  readonly current: ImageStore
  readonly signal: AbortSignal
  /** Told after every batch. */
  readonly onProgress: () => void
  readonly onFailure: (error: unknown) => void
}

/** Makes one library over into another, which it can do in parts, again, and on from where it stopped. */
export class Copy {
  /** Records made over by this run. */
  readonly made = { reused: 0, described: 0, embedded: 0, from_description: 0 }
  readonly failures = new Failures()
  /** Ids known to be in the new library as they are in the one in use. */
  readonly present = new Set<string>()
  readonly #parts: CopyParts
  readonly #atOnce: number
  #next: ImageStore

  /** @param next the library being made */
  constructor(parts: CopyParts, next: ImageStore) {
    this.#parts = parts
    this.#atOnce = atOnce(parts)
    this.#next = next
  }

  /** For a library that was closed and opened again. */
  goOnIn(next: ImageStore): void {
    this.#next = next
  }

  /**
   * Compares the libraries record by record and brings over what differs; what failed before is not
   * tried again.
   *
   * @returns how many records differed
   */
  async bringAll(): Promise<number> {
    const { current } = this.#parts
    let differed = 0
    // Oldest first: stores that list by arrival then list the new library in the order of the old one.
    const ids = (await this.#idsOf(current)).toReversed().filter((id) => !this.failures.has(id))
    const here = new Set(ids)
    const strays = (await this.#idsOf(this.#next)).filter((id) => !here.has(id))
    for (const batch of batches([...ids, ...strays], roundsPerBatch * this.#atOnce)) {
      differed += await this.bring(batch)
    }
    return differed
  }

  /**
   * Makes the new library say of these records what the one in use says, also that they are gone.
   *
   * @param current the library in use, for whoever keeps others from using it
   * @returns how many of them differed
   */
  async bring(ids: string[], current = this.#parts.current): Promise<number> {
    const { signal, onProgress } = this.#parts
    const next = this.#next
    signal.throwIfAborted()
    const [before, after] = await Promise.all([current.get(ids), next.getWithVectors(ids)])
    const made: VectorRecord[] = []
    const there = new Map(after.map((record) => [record.id, record]))
    try {
      await concurrently(before, this.#atOnce, async (record) => {
        const changed = await this.#makeOver(record, there.get(record.id))
        if (changed) made.push(changed)
      })
    } finally {
      // Also what was done before a failure, which may have been paid for. In the order of the library.
      const order = new Map(ids.map((id, at) => [id, at]))
      await next.upsert(made.toSorted((a, b) => order.get(a.id)! - order.get(b.id)!))
      for (const { id } of made) this.#settle(id)
      onProgress()
    }
    const gone = await this.#removeGone(ids, before)
    return made.length + gone
  }

  /** Null when it is there as it should be, or failed. */
  async #makeOver(record: ImageRecord, there?: VectorRecord): Promise<VectorRecord | null> {
    const { wanted, signal, onFailure } = this.#parts
    if (there && isSameRecord(record, there, this.#parts)) {
      this.#settle(record.id)
      return null
    }
    if (there && isSamePicture(record, there, this.#parts)) {
      const { description, vector } = there
      return { ...record, description, vector, embedderId: wanted.id }
    }
    try {
      const { record: made, asked, withoutFile } = await makeOver(this.#parts, record, signal)
      this.failures.encourage()
      this.made.reused += Number(asked.size === 0)
      this.made.described += Number(asked.has('describe'))
      this.made.embedded += Number(asked.has('embed'))
      this.made.from_description += Number(withoutFile)
      return made
    } catch (error) {
      signal.throwIfAborted()
      this.present.delete(record.id)
      this.failures.add(record, error)
      onFailure(error)
      return null
    }
  }

  async #removeGone(ids: string[], before: ImageRecord[]): Promise<number> {
    const here = new Set(before.map(({ id }) => id))
    // One that failed may have been made over in an earlier state, which is not its own any more.
    const gone = ids.filter((id) => !here.has(id) || this.failures.has(id))
    for (const id of gone) {
      this.present.delete(id)
      if (!here.has(id)) this.failures.settle(id)
    }
    return gone.length > 0 ? this.#next.delete(gone) : 0
  }

  #settle(id: string): void {
    this.present.add(id)
    this.failures.settle(id)
  }

  async #idsOf(store: ImageStore): Promise<string[]> {
    const ids: string[] = []
    let cursor: string | null = null
    do {
      this.#parts.signal.throwIfAborted()
      const page = await store.list({ limit: pageSize, ...(cursor !== null && { cursor }) })
      ids.push(...page.records.map(({ id }) => id))
      cursor = page.nextCursor
    } while (cursor !== null)
    return ids
  }
}

/** One fewer than there is room for, which is left to searches. */
function atOnce({ wanted, keepDescriptions }: MakeOverParts): number {
  if (keepDescriptions && wanted.embedText) return wordsAtOnce
  return Math.max(1, wanted.concurrency - 1)
}
