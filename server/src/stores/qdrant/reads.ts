import { batches } from '../batches.ts'
import { type FacetCount, FacetCounter } from '../../records/facets.ts'
import type { Filter } from '../../records/filter.ts'
import { parseKeyPath } from '../../records/key-path.ts'
import { matcher } from '../../records/matches.ts'
import { cosinePrecision, exactCosine } from '../../records/vectors.ts'
import type { ImageRecord, VectorRecord } from '../../records/record.ts'
import type { Hit, OutlinePage, Page, PageRequest, VectorQuery } from '../image-store.ts'
import type { Collection } from './collection/collection.ts'
import type { Connection } from './connection/connection.ts'
import { PayloadIndexes } from './indexes/payload-indexes.ts'
import { Pages } from './points/pages.ts'
import { type Payload, recordOf } from './points/payload.ts'
import type { PointReads } from './points/point-reads.ts'
import { batchSizes, Reader } from './points/reader.ts'

/** What an outline is made of. */
const outlineKeys = [
  'sha256',
  'format',
  'width',
  'height',
  'bytes',
  'phash',
  'thumbhash',
  'missing',
].map((key) => `lookalike.${key}`)

/** What a store reads; how many copies of a shard are compared is the points' business. */
export class QdrantReads {
  protected readonly connection: Connection
  protected readonly collection: Collection
  protected readonly points: PointReads
  protected readonly reader: Reader
  readonly #pages: Pages

  constructor(connection: Connection, collection: Collection, points: PointReads) {
    this.connection = connection
    this.collection = collection
    this.points = points
    this.reader = new Reader(connection, collection, points)
    this.#pages = new Pages(connection, collection, points, this.reader)
  }

  async search(query: VectorQuery): Promise<Hit[]> {
    const { vector, limit, offset = 0, scoreThreshold, filter } = query
    checkFilter(filter)
    // Qdrant cuts at scores above a threshold, the contract at scores from it on: ask for a little
    // more than single precision can tell apart, and cut here.
    const cut = scoreThreshold !== undefined && {
      score_threshold: scoreThreshold - 2 * cosinePrecision,
    }
    const request = { query: Array.from(vector), limit, offset, ...cut }
    const points = await this.reader.read([], (deadline) =>
      this.points.query(deadline, request, filter),
    )
    return points
      .map(({ id, payload, score }) => ({
        record: recordOf(id, payload),
        score: exactCosine(score),
      }))
      .filter(({ score }) => scoreThreshold === undefined || score >= scoreThreshold)
  }

  async get(ids: string[]): Promise<ImageRecord[]> {
    const found = await this.reader.retrieve(ids, { with_payload: true, with_vector: false })
    return found.map(({ id, payload }) => recordOf(id, payload))
  }

  async getWithVectors(ids: string[]): Promise<VectorRecord[]> {
    const found = await this.reader.retrieve(ids, { with_payload: true, with_vector: true })
    return found.flatMap(({ id, payload, vector }) =>
      // Another program's points need not have the vector that is the library's.
      vector ? [{ ...recordOf(id, payload), vector: Float32Array.from(vector as number[]) }] : [],
    )
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

  async sample(count: number): Promise<Float32Array[]> {
    const points = await this.reader.read([], (deadline) => this.points.sample(deadline, count))
    return points.flatMap(({ vector }) => (vector ? [Float32Array.from(vector as number[])] : []))
  }

  async list(request: PageRequest): Promise<Page> {
    checkFilter(request.filter)
    const { points, next } = await this.#pages.page(request)
    return { records: points.map(({ id, payload }) => recordOf(id, payload)), nextCursor: next }
  }

  async outline(request: PageRequest): Promise<OutlinePage> {
    checkFilter(request.filter)
    const { points, next } = await this.#pages.page(request, outlineKeys)
    const outlines = points.map(({ id, payload }) => {
      const { file } = recordOf(id, payload)
      return { id: String(id), file }
    })
    return { outlines, nextCursor: next }
  }

  /**
   * The engine counts a key whose index has all of its values. For another the records are walked through:
   * to index it would be to alter a collection, perhaps another program's, because somebody looked at it.
   */
  async facets(key: string, limit: number, filter?: Filter): Promise<FacetCount[]> {
    const [top] = parseKeyPath(key)
    checkFilter(filter)
    const deadline = this.connection.readDeadline()
    const info = await this.collection.inspect(deadline)
    if (info && PayloadIndexes.counts(info, key)) {
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
}

/** Qdrant refuses a key that is none as a bad request; say which, and how keys are written. */
function checkFilter(filter: Filter | undefined): void {
  if (filter) matcher(filter)
}
