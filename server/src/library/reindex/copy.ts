import type { ImageStore } from '../../stores/image-store.ts'
import type { ImageRecord, VectorRecord } from '../../records/record.ts'
import { LookalikeError, type ErrorCode } from '../../errors.ts'
import { batches } from '../../stores/batches.ts'
import { pagesOf } from '../../stores/pages.ts'
import { yieldToOthers } from '../../yield-to-others.ts'
import { concurrently } from '../concurrently.ts'
import type { ReindexFailure } from './job.ts'
import { reembed, type ReembedDeps } from './re-embed.ts'
import { embedsDescriptions, isSamePicture, isSameRecord } from './source.ts'

/** Texts that are re-embedded at once, so that they travel to the model together. */
const textConcurrency = 64
/** Enough rounds that no re-embedding waits long for the others before the batch is written. */
const roundsPerBatch = 4
const pageSize = 500

/** Failures that every other record would meet as well: going on would be of no use. */
const fatal = new Set<ErrorCode>([
  'budget_exhausted',
  'embedder_mismatch',
  'files_unavailable',
  'provider_unavailable',
  'storage_full',
  'store_unavailable',
])

/** So many refusals in a row are the key's or the model's fault, not the pictures'. */
const maxRefusals = 10

export interface CopyDeps extends ReembedDeps {
  /** The library in use. */
  readonly current: ImageStore
  readonly signal: AbortSignal
  /** Called after every batch. */
  readonly onProgress: () => void
  readonly onFailure: (error: unknown) => void
}

/** Re-embeds one library into another; it can do so in parts, again, and on from where it stopped. */
export class Copy {
  /** Records re-embedded by this run. */
  readonly counts = { cached: 0, described: 0, embedded: 0, fromDescription: 0 }
  /** The records that could not be re-embedded, by id. */
  readonly failures = new Map<string, ReindexFailure>()
  /** Ids known to be in the new library as they are in the one in use. */
  readonly present = new Set<string>()
  readonly #deps: CopyDeps
  readonly #concurrency: number
  #next: ImageStore
  /** In a row. */
  #refusals = 0

  /** @param next the library being made */
  constructor(deps: CopyDeps, next: ImageStore) {
    this.#deps = deps
    this.#concurrency = concurrencyOf(deps)
    this.#next = next
  }

  /** For a library that was closed and opened again. */
  continueIn(next: ImageStore): void {
    this.#next = next
  }

  /**
   * Compares the libraries record by record and copies what differs; what failed before is not
   * tried again.
   *
   * @returns how many records differed
   */
  async copyAll(): Promise<number> {
    const { current } = this.#deps
    let differed = 0
    // Oldest first: stores that list by arrival then list the new library in the order of the old one.
    const ids = (await this.#idsOf(current)).toReversed().filter((id) => !this.failures.has(id))
    const here = new Set(ids)
    const strays = (await this.#idsOf(this.#next)).filter((id) => !here.has(id))
    for (const batch of batches([...ids, ...strays], roundsPerBatch * this.#concurrency)) {
      // Where nothing differs, nothing is waited for.
      await yieldToOthers(this.#deps.signal)
      differed += await this.copy(batch)
    }
    return differed
  }

  /**
   * Makes the new library say of these records what the one in use says, also that they are gone.
   *
   * @param current the library in use, for a caller that keeps others from using it
   * @returns how many of them differed
   */
  async copy(ids: string[], current = this.#deps.current): Promise<number> {
    const { signal, onProgress } = this.#deps
    const next = this.#next
    signal.throwIfAborted()
    const [before, after] = await Promise.all([current.get(ids), next.getWithVectors(ids)])
    const changed: VectorRecord[] = []
    const there = new Map(after.map((record) => [record.id, record]))
    try {
      await concurrently(before, this.#concurrency, async (record) => {
        const copied = await this.#copyOne(record, there.get(record.id))
        if (copied) changed.push(copied)
      })
    } finally {
      // Also what was done before a failure, which may have been paid for. In the order of the library.
      const order = new Map(ids.map((id, at) => [id, at]))
      await next.upsert(changed.toSorted((a, b) => order.get(a.id)! - order.get(b.id)!))
      for (const { id } of changed) this.#settle(id)
      onProgress()
    }
    const gone = await this.#removeGone(ids, before)
    return changed.length + gone
  }

  /** Null when it is there as it should be, or failed. */
  async #copyOne(record: ImageRecord, there?: VectorRecord): Promise<VectorRecord | null> {
    const { target, signal, onFailure } = this.#deps
    if (there && isSameRecord(record, there, this.#deps)) {
      this.#settle(record.id)
      return null
    }
    if (there && isSamePicture(record, there, this.#deps)) {
      const { description, vector } = there
      return { ...record, description, vector, embedderId: target.id }
    }
    try {
      const { record: copied, calls, withoutFile } = await reembed(this.#deps, record, signal)
      this.#refusals = 0
      this.counts.cached += Number(calls.size === 0)
      this.counts.described += Number(calls.has('describe'))
      this.counts.embedded += Number(calls.has('embed'))
      this.counts.fromDescription += Number(withoutFile)
      return copied
    } catch (error) {
      signal.throwIfAborted()
      this.present.delete(record.id)
      this.#fail(record, error)
      onFailure(error)
      return null
    }
  }

  /** @throws the error itself unless it concerns this record alone */
  #fail({ id, imageUri }: ImageRecord, error: unknown): void {
    if (!(error instanceof LookalikeError) || fatal.has(error.code)) throw error
    if (error.code === 'provider_rejected' && ++this.#refusals >= maxRefusals) throw error
    this.failures.set(id, { id, imageUri, reason: error.message })
  }

  async #removeGone(ids: string[], before: ImageRecord[]): Promise<number> {
    const here = new Set(before.map(({ id }) => id))
    // One that failed may have been copied in an earlier state, which is not its own any more.
    const gone = ids.filter((id) => !here.has(id) || this.failures.has(id))
    for (const id of gone) {
      this.present.delete(id)
      if (!here.has(id)) this.failures.delete(id)
    }
    return gone.length > 0 ? this.#next.delete(gone) : 0
  }

  #settle(id: string): void {
    this.present.add(id)
    this.failures.delete(id)
  }

  async #idsOf(store: ImageStore): Promise<string[]> {
    const ids: string[] = []
    for await (const { records } of pagesOf(store, { limit: pageSize })) {
      await yieldToOthers(this.#deps.signal)
      ids.push(...records.map(({ id }) => id))
    }
    return ids
  }
}

/** One fewer than there is room for, which is left to searches. */
function concurrencyOf({ target, keepDescriptions }: ReembedDeps): number {
  if (keepDescriptions && embedsDescriptions(target)) return textConcurrency
  return Math.max(1, target.concurrency - 1)
}
