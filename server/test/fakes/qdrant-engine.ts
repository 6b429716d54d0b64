import { countFacets } from './count-facets.ts'
import type { Condition, Filter } from '../../src/records/filter.ts'
import type { Json } from '../../src/records/record.ts'
import { parseKeyPath } from '../../src/records/key-path.ts'
import { matcher } from '../../src/records/matches.ts'

type Payload = { [key: string]: Json }
type PointId = string | number
interface Point {
  readonly id: PointId
  readonly vector: Float32Array
  payload: Payload
}

/** An answer other than success, in Qdrant's words. */
export class Refusal extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Collections and points in memory, as Qdrant keeps and answers them; every search is exact. */
export class QdrantEngine {
  /** Whether new collections are strict unless they say otherwise, as on Qdrant Cloud. */
  strict = false
  readonly collections = new Map<string, Collection>()
  readonly aliases = new Map<string, string>()

  create(name: string, body: CreateBody): boolean {
    if (this.collections.has(name)) {
      throw new Refusal(409, `Wrong input: Collection \`${name}\` already exists!`)
    }
    this.collections.set(name, new Collection(body, this.strict))
    return true
  }

  drop(name: string): boolean {
    for (const [alias, target] of this.aliases) if (target === name) this.aliases.delete(alias)
    return this.collections.delete(name)
  }

  listAliases() {
    return Array.from(this.aliases, ([alias_name, collection_name]) => ({
      alias_name,
      collection_name,
    }))
  }

  /** All of them or, when one cannot be, none. */
  changeAliases({ actions }: { actions: AliasAction[] }): boolean {
    for (const action of actions) {
      if (!('create_alias' in action)) continue
      const { alias_name, collection_name } = action.create_alias
      this.collection(collection_name)
      if (this.collections.has(alias_name)) {
        throw new Refusal(409, `Wrong input: Collection \`${alias_name}\` already exists!`)
      }
    }
    for (const action of actions) {
      if ('delete_alias' in action) this.aliases.delete(action.delete_alias.alias_name)
      else this.aliases.set(action.create_alias.alias_name, action.create_alias.collection_name)
    }
    return true
  }

  collection(asked: string): Collection {
    const name = this.aliases.get(asked) ?? asked
    const found = this.collections.get(name)
    if (!found) throw new Refusal(404, `Not found: Collection \`${name}\` doesn't exist!`)
    return found
  }
}

type AliasAction =
  | { delete_alias: { alias_name: string } }
  | { create_alias: { alias_name: string; collection_name: string } }

interface CreateBody {
  vectors: { size: number; distance: string } | { [name: string]: object }
  metadata?: Payload
  hnsw_config?: object
  shard_number?: number
  replication_factor?: number
  write_consistency_factor?: number
  quantization_config?: object
  strict_mode_config?: { unindexed_filtering_retrieve?: boolean }
}

type IdOrCondition = Condition | { has_id: PointId[] }

interface Read {
  ids?: PointId[]
  filter?: Filter
  limit?: number
  offset?: PointId
  with_payload?: boolean | string[]
  with_vector?: boolean
}

export class Collection {
  readonly points = new Map<PointId, Point>()
  private readonly body: CreateBody
  private metadata: Payload
  private readonly indexes = new Map<string, string>()
  private readonly strict: boolean

  constructor(body: CreateBody, strict: boolean) {
    this.strict = strict && body.strict_mode_config?.unindexed_filtering_retrieve !== true
    this.body = body
    this.metadata = body.metadata ?? {}
  }

  info() {
    const { vectors, hnsw_config: hnsw, quantization_config: quantization, ...params } = this.body
    const { metadata: _metadata, strict_mode_config: _strict, ...counts } = params
    return {
      status: 'green',
      optimizer_status: 'ok',
      segments_count: 1,
      points_count: this.points.size,
      payload_schema: Object.fromEntries(
        Array.from(this.indexes, ([key, type]) => [key, { data_type: type, points: 0 }]),
      ),
      config: {
        params: { vectors, ...counts },
        hnsw_config: { m: 16, ef_construct: 100, full_scan_threshold: 10_000, ...hnsw },
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

  /** Merges, as Qdrant does. */
  update({ metadata = {} }: { metadata?: Payload }): boolean {
    this.metadata = { ...this.metadata, ...metadata }
    return true
  }

  index({ field_name, field_schema }: { field_name: string; field_schema: string }) {
    this.indexes.set(field_name, field_schema)
  }

  upsert({ points }: { points: { id: PointId; vector: number[]; payload?: Payload }[] }) {
    const { size } = this.body.vectors as { size: number }
    for (const { id, vector, payload = {} } of points) {
      if (vector.length !== size) {
        const message = `Wrong input: Vector dimension error: expected dim: ${size}, got ${vector.length}`
        throw new Refusal(400, message)
      }
      this.points.set(checkedId(id), { id, vector: normalised(vector), payload })
    }
  }

  delete({ points }: { points: PointId[] }) {
    for (const id of points) this.points.delete(checkedId(id))
  }

  overwrite({ filter, payload }: { filter: { must: IdOrCondition[] }; payload: Payload }) {
    const ids = new Set(filter.must.flatMap((each) => ('has_id' in each ? each.has_id : [])))
    const must = filter.must.filter((each) => !('has_id' in each)) as Condition[]
    for (const point of this.selected({ must })) if (ids.has(point.id)) point.payload = payload
  }

  retrieve({ ids = [], ...parts }: Read) {
    return ids.flatMap((id) => {
      const point = this.points.get(checkedId(id))
      return point ? [shown(point, parts)] : []
    })
  }

  scroll({ filter, limit = 10, offset, ...parts }: Read) {
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
    const { query, filter, limit = 10, offset = 0, score_threshold: threshold, ...parts } = request
    const wanted = normalised(query)
    const points = this.selected(filter)
      .map((point) => ({ point, score: dot(point.vector, wanted) }))
      // Above, not from it on: so does Qdrant.
      .filter(({ score }) => threshold === undefined || score > Math.fround(threshold))
      .sort((a, b) => b.score - a.score)
      .slice(offset, offset + limit)
      .map(({ point, score }) => ({ ...shown(point, parts), version: 0, score }))
    return { points }
  }

  count({ filter }: Read) {
    return { count: this.selected(filter).length }
  }

  facet({ key, limit = 10, filter }: { key: string; limit?: number; filter?: Filter }) {
    const type = this.indexes.get(key)
    if (type === undefined) {
      throw new Refusal(400, `Bad request: No appropriate index for faceting: \`${key}\`.`)
    }
    const documents = this.selected(filter).map(({ payload }) => payload)
    const javascriptType = { keyword: 'string', integer: 'number', bool: 'boolean' }[type]
    const hits = countFacets(documents, key, Number.MAX_SAFE_INTEGER)
      .filter(({ value }) => typeof value === javascriptType)
      .slice(0, limit)
    return { hits }
  }

  private selected(filter: Filter = {}): Point[] {
    const unindexed = keysOf(filter).find((key) => this.strict && !this.indexes.has(key))
    if (unindexed !== undefined) {
      throw new Refusal(400, `Bad request: Index required but not found for "${unindexed}"`)
    }
    try {
      const allowed = matcher(filter)
      return [...this.points.values()].filter(({ payload }) => allowed(payload))
    } catch {
      throw new Refusal(400, 'Format error in JSON body: Invalid json path')
    }
  }
}

function keysOf({ must = [], should = [], must_not: mustNot = [] }: Filter): string[] {
  return [...must, ...should, ...mustNot].flatMap((condition) => {
    if ('is_empty' in condition) return condition.is_empty.key
    return 'key' in condition ? condition.key : keysOf(condition)
  })
}

interface QueryPart {
  query: number[]
  offset?: number
  score_threshold?: number
}

function shown({ id, payload, vector }: Point, { with_payload, with_vector }: Read) {
  return {
    id,
    payload: with_payload === true ? payload : picked(payload, with_payload || []),
    ...(with_vector && { vector: [...vector] }),
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

function normalised(vector: number[]): Float32Array {
  const length = Math.hypot(...vector)
  return Float32Array.from(vector, (value) => value / length)
}

function dot(a: Float32Array, b: Float32Array): number {
  return Math.fround(a.reduce((sum, value, index) => sum + value * b[index]!, 0))
}
