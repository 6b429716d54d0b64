import type { Schemas } from '@qdrant/js-client-rest'
import { LookalikeError } from '../../errors.ts'
import type { Condition, Filter } from '../../records/filter.ts'
import type { FacetCount } from '../../records/facets.ts'
import type { VectorRecord } from '../../records/record.ts'
import type { Connection, Deadline } from './connection.ts'
import { type CollectionSettings, searchParams } from './options.ts'
import { type Payload, payloadOf, pointId, type PointId } from './payload.ts'

export type Point = Pick<Schemas['Record'], 'id' | 'payload' | 'vector'>

export interface PointParts {
  readonly with_payload: boolean
  readonly with_vector: boolean
}

export interface Walk {
  readonly filter?: Filter | undefined
  readonly limit: number
  readonly from?: PointId | undefined
  /** Payload keys to fetch; all when absent. */
  readonly only?: string[]
}

/** The requests about points that a store makes, each in the form Qdrant takes. */
export class Points {
  private readonly connection: Connection
  private readonly settings: CollectionSettings

  constructor(connection: Connection, settings: CollectionSettings) {
    this.connection = connection
    this.settings = settings
  }

  async upsert(deadline: Deadline, records: VectorRecord[]): Promise<void> {
    const points = records.map((record) => ({
      // Another program's points may be numbered.
      id: pointId(record.id) ?? record.id,
      vector: Array.from(record.vector),
      payload: payloadOf(record),
    }))
    await this.completed(
      this.connection.ask(deadline, (api, init) =>
        api.upsertPoints({ ...this.name, wait: true, points }, init),
      ),
    )
  }

  async query(
    deadline: Deadline,
    request: Pick<Schemas['QueryRequest'], 'query' | 'limit' | 'offset' | 'score_threshold'>,
    filter: Filter | undefined,
  ): Promise<Schemas['ScoredPoint'][]> {
    const params = searchParams(this.settings)
    const { points } = await this.connection.ask(deadline, (api, init) =>
      api.queryPoints(
        { ...this.reading, ...request, ...filtered(filter), params, with_payload: true },
        init,
      ),
    )
    return points
  }

  async retrieve(deadline: Deadline, ids: PointId[], parts: PointParts): Promise<Point[]> {
    return this.connection.ask(deadline, (api, init) =>
      api.getPoints({ ...this.reading, ids, ...parts }, init),
    )
  }

  /** Points in the order of their ids, from one on; `next` is where to go on, null at the end. */
  async scroll(deadline: Deadline, walk: Walk): Promise<{ points: Point[]; next: PointId | null }> {
    const { filter, limit, from, only } = walk
    const answer = await this.connection.ask(deadline, (api, init) =>
      api.scrollPoints(
        {
          ...this.reading,
          ...filtered(filter),
          limit,
          with_payload: only ?? true,
          with_vector: false,
          ...(from !== undefined && { offset: from }),
        },
        init,
      ),
    )
    const next = answer.next_page_offset
    const goesOn = typeof next === 'string' || typeof next === 'number'
    return { points: answer.points, next: goesOn ? next : null }
  }

  async count(deadline: Deadline, filter: Filter | undefined): Promise<number> {
    const { count } = await this.connection.ask(deadline, (api, init) =>
      api.countPoints({ ...this.reading, ...filtered(filter), exact: true }, init),
    )
    return count
  }

  /** Counts a key's values by its index; fails without one. */
  async facet(
    deadline: Deadline,
    key: string,
    limit: number,
    filter: Filter | undefined,
  ): Promise<FacetCount[]> {
    const { hits } = await this.connection.ask(deadline, (api, init) =>
      api.facet({ ...this.reading, key, limit, ...filtered(filter), exact: true }, init),
    )
    return hits.map(({ value, count }) => ({
      value: typeof value === 'bigint' ? Number(value) : value,
      count,
    }))
  }

  /** Replaces a point's payload where the point is there and meets the conditions. */
  async overwritePayload(
    deadline: Deadline,
    id: PointId,
    conditions: Condition[],
    payload: Payload,
  ): Promise<void> {
    const filter = { must: [{ has_id: [id] }, ...conditions.map(wireCondition)] }
    await this.completed(
      this.connection.ask(deadline, (api, init) =>
        api.overwritePayload({ ...this.name, wait: true, filter, payload }, init),
      ),
    )
  }

  async delete(deadline: Deadline, ids: PointId[]): Promise<void> {
    await this.completed(
      this.connection.ask(deadline, (api, init) =>
        api.deletePoints({ ...this.name, wait: true, points: ids }, init),
      ),
    )
  }

  private get name() {
    return { collection_name: this.connection.collection }
  }

  private get reading() {
    const { readConsistency: consistency } = this.settings
    return { ...this.name, consistency, timeout: this.connection.serverTimeout }
  }

  /** A write that Qdrant took on but has not applied would not be visible yet. */
  private async completed(answer: Promise<Schemas['UpdateResult']>): Promise<void> {
    const { status } = await answer
    if (status === 'completed') return
    throw new LookalikeError(
      'store_unavailable',
      `Qdrant at ${this.connection.address} took the change but has not applied it yet (${status}). ` +
        'Repeat the request; it does no harm twice.',
    )
  }
}

function filtered(filter: Filter | undefined): { filter?: Schemas['Filter'] } {
  return filter ? { filter: wireFilter(filter) } : {}
}

/** Qdrant's interface has the values of `any` differ from each other. */
function wireFilter(filter: Filter): Schemas['Filter'] {
  const clauses = Object.entries(filter) as [keyof Filter, Condition[] | undefined][]
  return Object.fromEntries(clauses.map(([clause, all]) => [clause, all?.map(wireCondition)]))
}

function wireCondition(condition: Condition): Schemas['Condition'] {
  if ('is_empty' in condition || 'range' in condition) return condition
  if (!('match' in condition)) return wireFilter(condition)
  const { key, match } = condition
  return { key, match: 'any' in match ? { any: [...new Set<string | number>(match.any)] } : match }
}
