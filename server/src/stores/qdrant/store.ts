import { LookalikeError } from '../../errors.ts'
import { FacetCounter } from '../facets.ts'
import type { Filter } from '../filter.ts'
import type {
  FacetCount,
  Health,
  Hit,
  ImageRecord,
  ImageStore,
  Library,
  Metadata,
  Page,
  PageRequest,
  VectorQuery,
  VectorRecord,
} from '../image-store.ts'
import { parseKeyPath } from '../key-path.ts'
import { matcher } from '../matches.ts'
import { Collection } from './collection.ts'
import { Connection, type Deadline } from './connection.ts'
import { defaultSettings, type QdrantStoreOptions } from './options.ts'
import { type Payload, payloadOf, pointId, type PointId, recordOf } from './payload.ts'
import { type Point, type PointParts, Points, type Walk } from './points.ts'

/** Most of each in one request; 128 vectors of 1536 dimensions are 4 MB of JSON, of 32 allowed. */
const batchSizes = { upsert: 128, withVectors: 128, ids: 1_000, walk: 1_000, hashes: 100 }

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
  private readonly connection: Connection
  private readonly collection: Collection
  private readonly points: Points

  constructor(options: QdrantStoreOptions, library: Library) {
    const settings = { ...defaultSettings, ...options.settings }
    this.connection = new Connection(options)
    this.collection = new Collection(this.connection, settings, library)
    this.points = new Points(this.connection, settings)
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
    for (const batch of batches(records, batchSizes.upsert)) {
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
    const points = await this.read([], (deadline) => this.points.query(deadline, request, filter))
    return points
      .map(({ id, payload, score }) => ({ record: recordOf(id, payload), score: bounded(score) }))
      .filter(({ score }) => scoreThreshold === undefined || score >= scoreThreshold)
  }

  async get(ids: string[]): Promise<ImageRecord[]> {
    const found = await this.retrieve(ids, { with_payload: true, with_vector: false })
    return found.map(({ id, payload }) => recordOf(id, payload))
  }

  async getWithVectors(ids: string[]): Promise<VectorRecord[]> {
    const found = await this.retrieve(ids, { with_payload: true, with_vector: true })
    return found.map(({ id, payload, vector }) => ({
      ...recordOf(id, payload),
      vector: Float32Array.from(vector as number[]),
    }))
  }

  async findByContentHash(sha256: string[]): Promise<ImageRecord[]> {
    const records: ImageRecord[] = []
    for (const any of batches(sha256, batchSizes.hashes)) {
      const filter = { must: [{ key: 'lookalike.sha256', match: { any } }] }
      await this.walk({ filter }, ({ id, payload }) => records.push(recordOf(id, payload)))
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
    const { points, next } = await this.read(nowhere, (deadline) =>
      this.points.scroll(deadline, { filter, limit, from }),
    )
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
    await this.walk({ filter, only: [`"${top}"`] }, ({ payload }) =>
      counter.add((payload ?? {}) as Payload),
    )
    return counter.top(limit)
  }

  async count(filter?: Filter): Promise<number> {
    checkFilter(filter)
    return this.read(0, (deadline) => this.points.count(deadline, filter))
  }

  async setMetadata(id: string, metadata: Metadata): Promise<boolean> {
    const [point] = await this.retrieve([id], { with_payload: true, with_vector: false })
    if (!point) return false
    const payload = payloadOf({ ...recordOf(point.id, point.payload), metadata })
    const deadline = this.connection.writeDeadline()
    return this.collection.use(deadline, false, () =>
      this.points.overwritePayload(deadline, point.id, payload),
    )
  }

  async delete(ids: string[]): Promise<number> {
    const none = { with_payload: false, with_vector: false }
    const found = await this.retrieve([...new Set(ids)], none)
    for (const batch of batches(found, batchSizes.ids)) {
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

  private read<T>(empty: T, ask: (deadline: Deadline) => Promise<T>): Promise<T> {
    const deadline = this.connection.readDeadline()
    return this.collection.use(deadline, empty, () => ask(deadline))
  }

  /** In the order asked for, without those that are not there. */
  private async retrieve(ids: string[], parts: PointParts): Promise<Point[]> {
    const wanted = ids.map(pointId).filter((id) => id !== null)
    const found = new Map<PointId, Point>()
    const size = parts.with_vector ? batchSizes.withVectors : batchSizes.ids
    for (const batch of batches(wanted, size)) {
      const points = await this.read([], (deadline) => this.points.retrieve(deadline, batch, parts))
      for (const point of points) found.set(point.id, point)
    }
    return wanted.flatMap((id) => found.get(id) ?? [])
  }

  /** Every point that passes a filter. Each page is a read, the whole walk as long as a write. */
  private async walk(walk: Omit<Walk, 'limit'>, visit: (point: Point) => void): Promise<void> {
    const end = this.connection.writeDeadline()
    let from: PointId | undefined
    do {
      const { points, next } = await this.read(nowhere, (deadline) =>
        this.points.scroll(AbortSignal.any([deadline, end]), {
          ...walk,
          limit: batchSizes.walk,
          from,
        }),
      )
      points.forEach(visit)
      from = next ?? undefined
    } while (from !== undefined)
  }
}

const nowhere = { points: [], next: null }

/** Qdrant refuses a key that is none as a bad request; say which, and how keys are written. */
function checkFilter(filter: Filter | undefined): void {
  if (filter) matcher(filter)
}

/** Single precision may put the cosine of a vector and itself a hair above 1. */
function bounded(score: number): number {
  return Math.max(-1, Math.min(1, score))
}

function batches<T>(all: T[], size: number): T[][] {
  const starts = Array.from({ length: Math.ceil(all.length / size) }, (_, index) => index * size)
  return starts.map((start) => all.slice(start, start + size))
}
