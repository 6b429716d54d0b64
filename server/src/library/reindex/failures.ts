import { LookalikeError, type ErrorCode } from '../../errors.ts'
import type { ImageRecord } from '../../records/record.ts'
import type { ReindexFailure } from './job.ts'

/** Failures that every other record would meet as well: going on would be of no use. */
const general = new Set<ErrorCode>([
  'budget_exhausted',
  'embedder_mismatch',
  'files_unavailable',
  'provider_unavailable',
  'storage_full',
  'store_unavailable',
])

/** So many refusals in a row are the key's or the model's fault, not the pictures'. */
const mostRefusals = 10

/** The records of a job that could not be made over; throws what concerns them all. */
export class Failures {
  readonly #failed = new Map<string, ReindexFailure>()
  #refusals = 0

  get size(): number {
    return this.#failed.size
  }

  get ids(): string[] {
    return [...this.#failed.keys()]
  }

  has(id: string): boolean {
    return this.#failed.has(id)
  }

  first(count: number): ReindexFailure[] {
    return [...this.#failed.values()].slice(0, count)
  }

  /** @throws the error itself unless it concerns this record alone */
  add({ id, imageUri }: ImageRecord, error: unknown): void {
    if (!(error instanceof LookalikeError) || general.has(error.code)) throw error
    if (error.code === 'provider_rejected' && ++this.#refusals >= mostRefusals) throw error
    this.#failed.set(id, { id, image_uri: imageUri, reason: error.message })
  }

  /** The record is made over, or gone. */
  settle(id: string): void {
    this.#failed.delete(id)
  }

  /** The provider answered. */
  encourage(): void {
    this.#refusals = 0
  }
}
