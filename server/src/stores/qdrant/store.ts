import { batches } from '../batches.ts'
import { LookalikeError } from '../../errors.ts'
import { FacetCounter } from '../../records/facets.ts'
import type { Condition, Filter } from '../../records/filter.ts'
import type {
  Health,
  Hit,
  ImageStore,
  Library,
  Page,
  PageRequest,
  VectorQuery,
} from '../image-store.ts'
import type { FacetCount } from '../../records/facets.ts'
import type { ImageRecord, Metadata, VectorRecord } from '../../records/record.ts'
import { parseKeyPath } from '../../records/key-path.ts'
import { matcher } from '../../records/matches.ts'
import { Collection } from './collection.ts'
import { Connection } from './connection.ts'
import { defaultSettings, type QdrantStoreOptions } from './options.ts'
import { type Payload, payloadOf, pointId, type PointId, recordOf } from './payload.ts'
import { Points } from './points.ts'
import { batchSizes, Reader } from './reader.ts'

/** Index types whose values the engine counts. */
const countableIndexes = new Set<string | undefined>(['keyword', 'integer', 'bool'])

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

class QdrantStore implements ImageStore {
  readonly shared = true
  private readonly connection: Connection
  private readonly collection: Collection
  private readonly points: Points
  private readonly reader: Reader

  constructor(options: QdrantStoreOptions, library: Library) {
    const settings = { ...defaultSettings, ...options.settings }
    this.connection = new Connection(options)
    this.collection = new Collection(this.connection, settings, library)
    this.points = new Points(this.connection, settings)
    this.reader = new Reader(this.connection, this.collection, this.points)
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
    for (const batch of batches(records, batchSizes.vectors)) {
      const deadline = this.connection.writeDeadline()
      await this.collection.write(deadline, () => this.points.upsert(deadline, batch))
    }
  }

  async search(query: VectorQuery): Promise<Hit[]> {
    const { vector, limit, offset = 0, scoreThreshold, filter } = query
    checkFilter(filter)
    // Qdrant cuts at scores above a threshold, the contract at scores from it on: ask for a little
    // more than single precision can tell apart, and cut here.
    const cut = scoreThreshold !== undefined && { score_threshold: scoreThreshold - 1e-6 }
    const request = { query: Array.from(vector), limit, offset, ...cut }
    const points = await this.reader.read([], (deadline) =>
      this.points.query(deadline, request, filter),
    )
    return points
      .map(({ id, payload, score }) => ({ record: recordOf(id, payload), score: bounded(score) }))
      .filter(({ score }) => scoreThreshold === undefined || score >= scoreThreshold)
  }

  async get(ids: string[]): Promise<ImageRecord[]> {
    const found = await this.reader.retrieve(ids, { with_payload: true, with_vector: false })
    return found.map(({ id, payload }) => recordOf(id, payload))
  }

  async getWithVectors(ids: string[]): Promise<VectorRecord[]> {
    const found = await this.reader.retrieve(ids, { with_payload: true, with_vector: true })
    return found.map(({ id, payload, vector }) => ({
      ...recordOf(id, payload),
      vector: Float32Array.from(vector as number[]),
    }))
  }

  /** Points of another program have no content hash: where there are no others, none is looked for. */
  async findByContentHash(sha256: string[]): Promise<ImageRecord[]> {
    const records: ImageRecord[] = []
    if (!(await this.collection.isClaimed(this.connection.readDeadline()))) return records
    for (const any of batches(sha256, batchSizes.hashes)) {
      const filter = { must: [{ key: 'lookalike.sha256', match: { any } }] }
      await this.reader.walk({ filter }, ({ id, payload }) => records.push(recordOf(id, payload)))
    }
    return records
  }

  async list({ filter, limit, cursor }: PageRequest): Promise<Page> {
    checkFilter(filter)
    const from = cursor === undefined ? undefined : pointId(cursor)
    if (from === null) {
      throw new LookalikeError(
        'invalid_parameter',
        'cursor is not a next_cursor of an earlier page',
      )
    }
    const { points, next } = await this.reader.page({ filter, limit, from })
    return {
      records: points.map(({ id, payload }) => recordOf(id, payload)),
      nextCursor: next === null ? null : String(next),
    }
  }

  /**
   * The engine counts a key that has an index. Another's records are walked through: to index it
   * would be to alter a collection, perhaps another program's, because somebody looked at it.
   */
  async facets(key: string, limit: number, filter?: Filter): Promise<FacetCount[]> {
    const [top] = parseKeyPath(key)
    checkFilter(filter)
    const deadline = this.connection.readDeadline()
    const info = await this.collection.inspect(deadline)
    if (countableIndexes.has(info?.payload_schema[key]?.data_type)) {
      return this.collection.use(deadline, [], () =>
        this.points.facet(deadline, key, limit, filter),
      )
    }
    const counter = new FacetCounter(key)
    await this.reader.walk({ filter, only: [`"${top}"`] }, ({ payload }) =>
      counter.add((payload ?? {}) as Payload),
    )
    return counter.top(limit)
  }

  async count(filter?: Filter): Promise<number> {
    checkFilter(filter)
    return this.reader.read(0, (deadline) => this.points.count(deadline, filter))
  }

  /**
   * Reads the record and writes it back, unless another file was indexed in between: then the older
   * facts would stand beside the newer vector. Whether it was written is seen by reading again.
   */
  async setMetadata(id: string, metadata: Metadata): Promise<boolean> {
    let before = await this.first(id)
    while (before) {
      const [point, record] = before
      const payload = payloadOf({ ...record, metadata })
      const deadline = this.connection.writeDeadline()
      await this.collection.use(deadline, undefined, () =>
        this.points.overwritePayload(deadline, point, sameFile(record), payload),
      )
      const after = await this.first(id)
      if (after?.[1].file?.sha256 === record.file?.sha256) return true
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
      await this.collection.use(deadline, undefined, () => this.points.delete(deadline, doomed))
    }
    return found.length
  }

  async health(): Promise<Health> {
    const { address, collection } = this.connection
    try {
      const info = await this.collection.inspect(this.connection.readDeadline())
      const where = `Qdrant at ${address}, collection "${collection}"`
      if (!info) return { status: 'ok', detail: `${where}: made with the first image.` }
      if (info.status !== 'red') return { status: 'ok', detail: `${where}: ${info.status}.` }
      const detail = `${where}: red, some operations failed. Look at its log and disk space.`
      return { status: 'degraded', detail }
    } catch (error) {
      return { status: 'unavailable', detail: (error as Error).message }
    }
  }

  /** Nothing to do: the client's idle connections keep no process alive. */
  async close(): Promise<void> {}

  private async first(id: string): Promise<[PointId, ImageRecord] | null> {
    const [point] = await this.reader.retrieve([id], { with_payload: true, with_vector: false })
    return point ? [point.id, recordOf(point.id, point.payload)] : null
  }
}

/** Qdrant refuses a key that is none as a bad request; say which, and how keys are written. */
function checkFilter(filter: Filter | undefined): void {
  if (filter) matcher(filter)
}

/** Single precision may put the cosine of a vector and itself a hair above 1. */
function bounded(score: number): number {
  return Math.max(-1, Math.min(1, score))
}

function sameFile({ file }: ImageRecord): Condition[] {
  return file ? [{ key: 'lookalike.sha256', match: { value: file.sha256 } }] : []
}
