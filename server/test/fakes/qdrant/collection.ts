import { parseKeyPath, valuesAt } from '../../../src/records/key-path.ts'
import type { Json } from '../../../src/records/record.ts'
import { countFacets } from '../count-facets.ts'
import { type Acorn, type FakeFilter, FakeIndexes, type PointId } from './payload-indexes.ts'
import { Refusal } from './refusal.ts'
import {
  dot,
  normalised,
  paramsOf,
  type PointVectors,
  readVectors,
  shownVectors,
  type VectorLayout,
} from './vectors.ts'

type Payload = { [key: string]: Json }
interface Point {
  readonly id: PointId
  readonly vectors: PointVectors
  payload: Payload
}

export interface CreateBody extends VectorLayout {
  metadata?: Payload
  hnsw_config?: object
  shard_number?: number
  replication_factor?: number
  write_consistency_factor?: number
  quantization_config?: object
  strict_mode_config?: { unindexed_filtering_retrieve?: boolean }
}

interface Read {
  ids?: PointId[]
  filter?: FakeFilter
  limit?: number
  offset?: PointId
  order_by?: { key: string; direction?: 'asc' | 'desc' }
  with_payload?: boolean | string[]
  with_vector?: boolean | string[]
}

interface QueryPart {
  query: number[] | { sample: 'random' }
  using?: string
  offset?: number
  score_threshold?: number
  params?: { acorn?: Acorn | null }
}

interface NewPoint {
  id: PointId
  vector: unknown
  payload?: Payload
}

/** Points in memory, as Qdrant keeps and answers them; every search is exact, or refused. */
export class Collection {
  readonly points = new Map<PointId, Point>()
  readonly indexes = new FakeIndexes()
  /** From how many points on there is a graph. Qdrant's own is in the thousands. */
  graphFrom = 1
  /** How many times a graph is still seen to be under construction. */
  rebuilding = 0
  /** How many payload indexes strict mode allows. */
  maxIndexes = Infinity
  private readonly body: CreateBody
  private metadata: Payload
  private readonly strict: boolean

  constructor(body: CreateBody, strict: boolean) {
    this.strict = strict && body.strict_mode_config?.unindexed_filtering_retrieve !== true
    this.body = body
    this.metadata = body.metadata ?? {}
  }

  get hasGraph(): boolean {
    return this.points.size >= this.graphFrom
  }

  info() {
    const { vectors, hnsw_config: hnsw, quantization_config: quantization, ...params } = this.body
    const { metadata: _metadata, strict_mode_config: _strict, ...counts } = params
    const isRebuilding = this.rebuilding > 0
    if (isRebuilding && --this.rebuilding === 0) this.indexes.allLinked()
    return {
      status: isRebuilding ? 'yellow' : 'green',
      optimizer_status: 'ok',
      segments_count: 1,
      points_count: this.points.size,
      indexed_vectors_count: this.hasGraph ? this.points.size : 0,
      payload_schema: this.indexes.schema([...this.points.values()].map(({ payload }) => payload)),
      config: {
        params: { vectors, ...counts },
        hnsw_config: { m: 16, ef_construct: 100, full_scan_threshold: 0, ...hnsw },
        optimizer_config: {
          deleted_threshold: 0.2,
          vacuum_min_vector_number: 1000,
          default_segment_number: 0,
          flush_interval_sec: 5,
        },
        ...(quantization && { quantization_config: quantization }),
        metadata: this.metadata,
      },
    }
  }

  /** Merges, as Qdrant does; null takes an entry of the metadata away. */
  update({ metadata = {}, hnsw_config }: { metadata?: Payload; hnsw_config?: object }): boolean {
    const merged = Object.entries({ ...this.metadata, ...metadata })
    this.metadata = Object.fromEntries(merged.filter(([, value]) => value !== null))
    if (hnsw_config) {
      this.body.hnsw_config = { ...this.body.hnsw_config, ...hnsw_config }
      if (this.hasGraph) this.rebuilding = 2
    }
    return true
  }

  index({
    field_name,
    field_schema,
  }: {
    field_name: string
    field_schema: string | { type: string }
  }) {
    if (!this.indexes.all.has(field_name) && this.indexes.all.size >= this.maxIndexes) {
      throw new Refusal(
        400,
        `Bad request: Collection already has the maximum number of payload indexes`,
      )
    }
    this.indexes.create(field_name, field_schema, this.hasGraph)
  }

  upsert({ points, update_mode }: { points: NewPoint[]; update_mode?: string }) {
    for (const { id, vector, payload = {} } of points) {
      if (update_mode === 'insert_only' && this.points.has(checkedId(id))) continue
      this.points.set(checkedId(id), { id, vectors: readVectors(this.body, vector), payload })
    }
  }

  /** Other vectors of the points stay. */
  updateVectors({ points }: { points: NewPoint[] }) {
    for (const { id, vector } of points) {
      const { vectors } = this.points.get(checkedId(id))!
      for (const [name, value] of readVectors(this.body, vector)) vectors.set(name, value)
    }
  }

  delete({ points }: { points: PointId[] }) {
    for (const id of points) this.points.delete(checkedId(id))
  }

  overwrite({
    filter,
    points: ids = [],
    payload,
  }: {
    filter?: FakeFilter
    points?: PointId[]
    payload: Payload
  }) {
    const points = filter ? this.selected(filter) : ids.map((id) => this.points.get(checkedId(id))!)
    for (const point of points) point.payload = payload
  }

  /** Below a key, beside what is there. */
  private set({ filter, key, payload }: { filter: FakeFilter; key: string; payload: Payload }) {
    for (const point of this.selected(filter)) {
      point.payload = {
        ...point.payload,
        [key]: { ...(point.payload[key] as Payload), ...payload },
      }
    }
  }

  batch({ operations }: { operations: { [kind: string]: never }[] }) {
    for (const operation of operations) {
      if (operation['upsert']) this.upsert(operation['upsert'])
      else if (operation['update_vectors']) this.updateVectors(operation['update_vectors'])
      else if (operation['set_payload']) this.set(operation['set_payload'])
      else if (operation['overwrite_payload']) this.overwrite(operation['overwrite_payload'])
      else throw new Refusal(400, `No fake for ${Object.keys(operation).join()}`)
    }
    return operations.map(() => ({ operation_id: 1, status: 'completed' }))
  }

  retrieve({ ids = [], ...parts }: Read) {
    return ids.flatMap((id) => {
      const point = this.points.get(checkedId(id))
      return point ? [shown(point, parts)] : []
    })
  }

  /** Points without the value are passed over, and those of one value come as they were put. */
  private scrollOrdered({ filter, limit = 10, order_by: order, ...parts }: Read) {
    const { key, direction = 'asc' } = order!
    if (this.indexes.all.get(key)?.type !== 'datetime') {
      throw new Refusal(400, `Bad request: No range index for \`order_by\` key: \`${key}\`.`)
    }
    const sign = direction === 'asc' ? 1 : -1
    const timed = this.selected(filter).flatMap((point) => {
      const [value] = valuesAt(point.payload, parseKeyPath(key))
      return typeof value === 'string' ? [{ point, time: Date.parse(value) }] : []
    })
    const sorted = timed.sort((a, b) => sign * (a.time - b.time)).slice(0, limit)
    return { points: sorted.map(({ point }) => shown(point, parts)), next_page_offset: null }
  }

  scroll({ filter, limit = 10, offset, ...parts }: Read) {
    if (parts.order_by) return this.scrollOrdered({ filter, limit, ...parts } as Read)
    const from = offset === undefined ? undefined : checkedId(offset)
    const rest = this.selected(filter)
      .sort((a, b) => compareIds(a.id, b.id))
      .filter(({ id }) => from === undefined || compareIds(id, from) >= 0)
    const next = rest[limit]
    return {
      points: rest.slice(0, limit).map((point) => shown(point, parts)),
      next_page_offset: next ? next.id : null,
    }
  }

  query(request: Omit<Read, 'offset'> & QueryPart) {
    const { query, using = '', filter, limit = 10, offset = 0, params, ...others } = request
    const { score_threshold: threshold, ...parts } = others
    if ('sample' in query) return this.sample(limit, others)
    if (!paramsOf(this.body, using)) {
      throw new Refusal(400, `Wrong input: Not existing vector name error: ${using}`)
    }
    if (this.hasGraph) this.indexes.checkSearch(filter, params?.acorn)
    const wanted = normalised(query)
    const points = this.selected(filter)
      .filter(({ vectors }) => vectors.has(using))
      .map((point) => ({ point, score: dot(point.vectors.get(using) as Float32Array, wanted) }))
      // Above, not from it on: so does Qdrant.
      .filter(({ score }) => threshold === undefined || score > Math.fround(threshold))
      .sort((a, b) => b.score - a.score)
      .slice(offset, offset + limit)
      .map(({ point, score }) => ({ ...shown(point, parts), version: 0, score }))
    return { points }
  }

  private sample(limit: number, parts: Read) {
    const shuffled = [...this.points.values()].map((point) => ({ point, at: Math.random() }))
    shuffled.sort((a, b) => a.at - b.at)
    return {
      points: shuffled
        .slice(0, limit)
        .map(({ point }) => ({ ...shown(point, parts), version: 0, score: 0 })),
    }
  }

  count({ filter }: Read) {
    return { count: this.selected(filter).length }
  }

  facet({ key, limit = 10, filter }: { key: string; limit?: number; filter?: FakeFilter }) {
    const type = this.indexes.all.get(key)?.type
    if (type === undefined) {
      throw new Refusal(400, `Bad request: No appropriate index for faceting: \`${key}\`.`)
    }
    const documents = this.selected(filter).map(({ payload }) => payload)
    const javascriptType = { keyword: 'string', integer: 'number', bool: 'boolean' }[type]
    const hits = countFacets(documents, key, Number.MAX_SAFE_INTEGER)
      .filter(({ value }) => typeof value === javascriptType)
      .filter(({ value }) => type !== 'integer' || Number.isSafeInteger(value))
      .slice(0, limit)
    return { hits }
  }

  private selected(filter: FakeFilter = {}): Point[] {
    if (this.strict) this.indexes.checkStrict(filter)
    try {
      return [...this.points.values()].filter(({ id, payload }) =>
        this.indexes.passes(filter, id, payload),
      )
    } catch {
      throw new Refusal(400, 'Format error in JSON body: Invalid json path')
    }
  }
}

function shown({ id, payload, vectors }: Point, { with_payload, with_vector }: Read) {
  return {
    id,
    payload: with_payload === true ? payload : picked(payload, with_payload || []),
    ...(with_vector && { vector: shownVectors(vectors, with_vector) }),
  }
}

function picked(payload: Payload, keys: string[]): Payload {
  const wanted = new Set(keys.map((key) => parseKeyPath(key)[0]))
  return Object.fromEntries(Object.entries(payload).filter(([key]) => wanted.has(key)))
}

function checkedId(id: PointId): PointId {
  if (typeof id === 'number' || /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return id
  throw new Refusal(400, `Format error in JSON body: value ${id} is not a valid point ID`)
}

/** Numbers come before UUIDs. */
function compareIds(a: PointId, b: PointId): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1
  return a < b ? -1 : a > b ? 1 : 0
}
