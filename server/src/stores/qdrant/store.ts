import { batches } from '../batches.ts'
import { LookalikeError } from '../../errors.ts'
import { type Condition, filterDocument } from '../../records/filter.ts'
import type { ImageRecord, Metadata, VectorRecord } from '../../records/record.ts'
import type {
  AnswerNotes,
  AnswerReads,
  Health,
  ImageStore,
  Library,
  Snapshot,
} from '../image-store.ts'
import { Collection } from './collection/collection.ts'
import { healthOf } from './collection/health.ts'
import { Connection } from './connection/connection.ts'
import { type CollectionSettings, defaultSettings, type QdrantStoreOptions } from './options.ts'
import { payloadOf, recordOf } from './points/payload.ts'
import { PointReads } from './points/point-reads.ts'
import { PointWrites } from './points/point-writes.ts'
import { batchSizes } from './points/reader.ts'
import { QdrantReads } from './reads.ts'
import { takeSnapshot } from './snapshots.ts'
import { writeBatches } from './points/write-batches.ts'

/**
 * Opens a library in a Qdrant collection. It need not exist, and the server need not answer: calls
 * fail with `store_unavailable` until it does. Throws `embedder_mismatch` when the collection can be
 * seen not to be this library's.
 */
export async function openQdrantStore(
  options: QdrantStoreOptions,
  library: Library,
): Promise<ImageStore> {
  const store = new QdrantStore(options, library)
  await store.open()
  return store
}

class QdrantStore extends QdrantReads implements ImageStore {
  readonly shared = true
  readonly #settings: CollectionSettings
  readonly #writes: PointWrites

  constructor(options: QdrantStoreOptions, library: Library) {
    const settings = { ...defaultSettings, ...options.settings }
    const connection = new Connection(options)
    const collection = new Collection(connection, options, library)
    super(connection, collection, new PointReads(connection, collection, settings, null))
    this.#settings = settings
    this.#writes = new PointWrites(connection, collection)
  }

  forAnswer(notes: AnswerNotes): AnswerReads {
    const points = new PointReads(this.connection, this.collection, this.#settings, notes)
    return new QdrantReads(this.connection, this.collection, points)
  }

  async open(): Promise<void> {
    try {
      await this.collection.inspect(this.connection.readDeadline())
    } catch (error) {
      // Away is no reason not to start; being the wrong library is.
      if (!(error instanceof LookalikeError && error.code === 'store_unavailable')) throw error
    }
  }

  async upsert(records: VectorRecord[]): Promise<void> {
    for (const batch of writeBatches(records)) {
      const deadline = this.connection.writeDeadline()
      const payloads = batch.map(({ payload }) => payload)
      await this.collection.write(deadline, payloads, () => this.#writes.upsert(deadline, batch))
    }
  }

  /**
   * Reads the record and writes it back, unless another file was indexed in between: then the older
   * facts would stand beside the newer vector. Whether it was written is seen by reading again.
   */
  async setMetadata(id: string, metadata: Metadata): Promise<boolean> {
    let before = await this.#first(id)
    while (before) {
      const { point, record, isOurs } = before
      // Another program's point keeps its form.
      const payload = (isOurs ? payloadOf : filterDocument)({ ...record, metadata })
      const deadline = this.connection.writeDeadline()
      await this.collection.change(deadline, [payload], () =>
        this.#writes.overwritePayload(deadline, point, sameFile(record), payload),
      )
      const after = await this.#first(id)
      if (after?.record.file?.sha256 === record.file?.sha256) return true
      before = after
    }
    return false
  }

  async delete(ids: string[]): Promise<number> {
    const none = { with_payload: false, with_vector: false }
    const found = await this.reader.retrieve([...new Set(ids)], none)
    for (const batch of batches(found, batchSizes.points)) {
      const deadline = this.connection.writeDeadline()
      const doomed = batch.map(({ id }) => id)
      await this.collection.use(deadline, undefined, () => this.#writes.delete(deadline, doomed))
    }
    return found.length
  }

  health(): Promise<Health> {
    return healthOf(this.connection, this.collection)
  }

  snapshot(): Promise<Snapshot> {
    return takeSnapshot(this.connection, () => this.count())
  }

  /** The client's idle connections keep no process alive. */
  async close(): Promise<void> {
    this.collection.close()
  }

  async #first(id: string) {
    const parts = { with_payload: true, with_vector: false }
    const [point] = await this.reader.retrieve([id], parts)
    if (!point) return null
    const record = recordOf(point.id, point.payload)
    return { point: point.id, record, isOurs: point.payload?.['lookalike'] !== undefined }
  }
}

function sameFile({ file }: ImageRecord): Condition[] {
  return file ? [{ key: 'lookalike.sha256', match: { value: file.sha256 } }] : []
}
