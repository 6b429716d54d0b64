import type { Schemas } from '@qdrant/js-client-rest'
import type { FacetCount } from '../../../records/facets.ts'
import type { Filter } from '../../../records/filter.ts'
import type { AnswerNotes } from '../../image-store.ts'
import type { Collection } from '../collection/collection.ts'
import type { Connection } from '../connection/connection.ts'
import type { Deadline } from '../connection/deadline.ts'
import {
  type CollectionSettings,
  type QdrantApi,
  type ReadConsistency,
  searchParams,
  timeKey,
} from '../options.ts'
import type { PointId } from './payload.ts'
import { wireFilter } from './wire-filter.ts'

export type Point = Pick<Schemas['Record'], 'id' | 'payload' | 'vector'>

export interface PointPage {
  readonly points: Point[]
  /** Cursor of the page behind it; null at the end. */
  readonly next: string | null
}

export interface PointParts {
  readonly with_payload: boolean
  readonly with_vector: boolean
}

export interface Walk {
  readonly filter?: Filter | undefined
  readonly limit: number
  readonly from?: PointId | undefined
  /** Payload keys to fetch; all when absent. */
  readonly only?: string[] | undefined
}

/** Times from one on, or behind it. */
export interface TimeRange {
  readonly gt?: string
  readonly lt?: string
  readonly gte?: string
  readonly lte?: string
}

/** The requests that read points, each in the form Qdrant takes. */
export class PointReads {
  readonly #connection: Connection
  readonly #collection: Collection
  readonly #settings: CollectionSettings
  readonly #notes: AnswerNotes | null

  /** @param notes of an answer that nothing is written from; null where something may be */
  constructor(
    connection: Connection,
    collection: Collection,
    settings: CollectionSettings,
    notes: AnswerNotes | null,
  ) {
    this.#connection = connection
    this.#collection = collection
    this.#settings = settings
    this.#notes = notes
  }

  /** Whether reads compare as many copies as the settings say, whatever happens. */
  get comparesCopies(): boolean {
    return this.#notes === null
  }

  async query(
    deadline: Deadline,
    request: Pick<Schemas['QueryRequest'], 'query' | 'limit' | 'offset' | 'score_threshold'>,
    filter: Filter | undefined,
  ): Promise<Schemas['ScoredPoint'][]> {
    const { name, isQuantized } = this.#collection.slot
    const isLinked = filter === undefined || this.#collection.isLinked(filter)
    if (this.#notes) {
      // It compares small segments one by one, and does not say so.
      this.#notes.engine = 'approximate'
      this.#notes.walk = isLinked ? 'graph' : 'acorn'
    }
    const body = {
      ...(name !== null && { using: name }),
      ...request,
      ...this.#filtered(filter),
      params: searchParams(this.#settings, isQuantized, isLinked),
      with_payload: true,
    }
    const { points } = await this.#read(deadline, (api, init, reading) =>
      api.queryPoints({ ...reading, ...body }, init),
    )
    return points
  }

  /** Points drawn at random, with their vectors alone. */
  async sample(deadline: Deadline, limit: number): Promise<Point[]> {
    const { name } = this.#collection.slot
    const body = { query: { sample: 'random' as const }, limit, with_payload: false }
    const { points } = await this.#read(deadline, (api, init, reading) =>
      api.queryPoints({ ...reading, ...body, with_vector: name === null ? true : [name] }, init),
    )
    return points.map(({ id, vector }) => ({ id, vector: vectorNamed(name, vector) }))
  }

  async retrieve(deadline: Deadline, ids: PointId[], parts: PointParts): Promise<Point[]> {
    const { name } = this.#collection.slot
    const with_vector = name !== null && parts.with_vector ? [name] : parts.with_vector
    const points = await this.#read(deadline, (api, init, reading) =>
      api.getPoints({ ...reading, ids, ...parts, with_vector }, init),
    )
    return points.map((point) => ({ ...point, vector: vectorNamed(name, point.vector) }))
  }

  /** Points in the order of their ids, from one on; `next` is where to go on, null at the end. */
  async scroll(deadline: Deadline, walk: Walk): Promise<{ points: Point[]; next: PointId | null }> {
    const { filter, limit, from, only } = walk
    const answer = await this.#read(deadline, (api, init, reading) =>
      api.scrollPoints(
        {
          ...reading,
          ...this.#filtered(filter),
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

  /** Points by when they were indexed; those of one time in no particular order, those of none not at all. */
  async scrollByTime(
    deadline: Deadline,
    order: 'newest' | 'oldest',
    range: TimeRange,
    { filter, limit, only }: Walk,
  ): Promise<Point[]> {
    const { points } = await this.#read(deadline, (api, init, reading) =>
      api.scrollPoints(
        {
          ...reading,
          filter: this.#within(range, filter),
          order_by: { key: timeKey, direction: order === 'newest' ? 'desc' : 'asc' },
          limit,
          with_payload: only ?? true,
          with_vector: false,
        },
        init,
      ),
    )
    return points
  }

  /** Points of one time in the order of their ids. */
  async scrollOfTime(
    deadline: Deadline,
    time: string,
    { filter, limit, from, only }: Walk,
  ): Promise<Point[]> {
    const { points } = await this.#read(deadline, (api, init, reading) =>
      api.scrollPoints(
        {
          ...reading,
          filter: this.#within({ gte: time, lte: time }, filter),
          limit,
          with_payload: only ?? true,
          with_vector: false,
          ...(from !== undefined && { offset: from }),
        },
        init,
      ),
    )
    return points
  }

  #within(range: TimeRange, filter: Filter | undefined): Schemas['Filter'] {
    const wire = filter ? [wireFilter(filter, this.#collection)] : []
    return { must: [...(Object.keys(range).length > 0 ? [{ key: timeKey, range }] : []), ...wire] }
  }

  async count(deadline: Deadline, filter: Filter | undefined): Promise<number> {
    const { count } = await this.#read(deadline, (api, init, reading) =>
      api.countPoints({ ...reading, ...this.#filtered(filter), exact: true }, init),
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
    const { hits } = await this.#read(deadline, (api, init, reading) =>
      api.facet({ ...reading, key, limit, ...this.#filtered(filter), exact: true }, init),
    )
    return hits.map(({ value, count }) => ({
      value: typeof value === 'bigint' ? Number(value) : value,
      count,
    }))
  }

  #filtered(filter: Filter | undefined): { filter?: Schemas['Filter'] } {
    return filter ? { filter: wireFilter(filter, this.#collection) } : {}
  }

  get #name() {
    return { collection_name: this.#connection.collection }
  }

  async #read<T>(
    deadline: Deadline,
    request: (
      api: QdrantApi,
      init: { signal: AbortSignal },
      reading: { collection_name: string; consistency: ReadConsistency; timeout: number },
    ) => Promise<{ data: { result?: T } }>,
  ): Promise<NonNullable<T>> {
    const notes = this.#notes
    const reading = { ...this.#name, timeout: this.#connection.serverTimeout }
    const consistency = this.#settings.readConsistency
    if (!notes) {
      return this.#connection.ask(deadline, (api, init) =>
        request(api, init, { ...reading, consistency }),
      )
    }
    const { result, fewerCopies } = await this.#connection.askOneCopyAtLast(
      deadline,
      // An answer that admits it already need not wait for each of its reads.
      notes.coverage === 'one_copy' ? 1 : consistency,
      (api, init, copies) => request(api, init, { ...reading, consistency: copies }),
    )
    if (fewerCopies) notes.coverage = 'one_copy'
    return result
  }
}

/** A point need not have every vector that its collection names. */
function vectorNamed(name: string | null, vector: Point['vector']): Point['vector'] {
  if (name === null || !vector || Array.isArray(vector)) return vector
  return ((vector as { [name: string]: unknown })[name] as number[] | undefined) ?? null
}
