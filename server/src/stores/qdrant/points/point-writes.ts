import type { Schemas } from '@qdrant/js-client-rest'
import { LookalikeError } from '../../../errors.ts'
import type { Condition } from '../../../records/filter.ts'
import type { Collection } from '../collection/collection.ts'
import type { Connection } from '../connection/connection.ts'
import type { Deadline } from '../connection/deadline.ts'
import { type NewPoint, type Payload, pointId, type PointId } from './payload.ts'
import { wireCondition } from './wire-filter.ts'

/** The requests that write points, each in the form Qdrant takes; all of them once more do no harm. */
export class PointWrites {
  readonly #connection: Connection
  readonly #collection: Collection

  constructor(connection: Connection, collection: Collection) {
    this.#connection = connection
    this.#collection = collection
  }

  async upsert(deadline: Deadline, records: NewPoint[]): Promise<void> {
    const { name, hasNeighbours } = this.#collection.slot
    const points = records.map(({ id, vector, payload }) => ({
      // Another program's points may be numbered.
      id: pointId(id) ?? id,
      vector: name === null ? Array.from(vector) : { [name]: Array.from(vector) },
      payload,
    }))
    if (hasNeighbours) return this.#upsertBeside(deadline, points)
    await this.#completed(
      this.#connection.ask(deadline, (api, init) =>
        api.upsertPoints({ ...this.#name, wait: true, points }, init),
      ),
    )
  }

  /** To write a point is to remove its other vectors: one that is there is changed part by part. */
  async #upsertBeside(
    deadline: Deadline,
    points: (Schemas['PointStruct'] & { payload: Payload })[],
  ): Promise<void> {
    const operations = [
      { upsert: { points, update_mode: 'insert_only' as const } },
      { update_vectors: { points: points.map(({ id, vector }) => ({ id, vector })) } },
      ...points.map(({ id, payload }) => ({ overwrite_payload: { points: [id], payload } })),
    ]
    const results = await this.#connection.ask(deadline, (api, init) =>
      api.batchUpdate({ ...this.#name, wait: true, operations }, init),
    )
    for (const result of results) await this.#completed(Promise.resolve(result))
  }

  /** Replaces a point's payload where the point is there and meets the conditions. */
  async overwritePayload(
    deadline: Deadline,
    id: PointId,
    conditions: Condition[],
    payload: Payload,
  ): Promise<void> {
    const filter = {
      must: [{ has_id: [id] }, ...conditions.map((each) => wireCondition(each, this.#collection))],
    }
    await this.#completed(
      this.#connection.ask(deadline, (api, init) =>
        api.overwritePayload({ ...this.#name, wait: true, filter, payload }, init),
      ),
    )
  }

  async delete(deadline: Deadline, ids: PointId[]): Promise<void> {
    await this.#completed(
      this.#connection.ask(deadline, (api, init) =>
        api.deletePoints({ ...this.#name, wait: true, points: ids }, init),
      ),
    )
  }

  get #name() {
    return { collection_name: this.#connection.collection }
  }

  /** A write that Qdrant took on but has not applied would not be visible yet. */
  async #completed(answer: Promise<Schemas['UpdateResult']>): Promise<void> {
    const { status } = await answer
    if (status === 'completed') return
    throw new LookalikeError(
      'store_unavailable',
      `Qdrant at ${this.#connection.address} took the change but has not applied it yet (${status}). ` +
        'Repeat the request; it does no harm twice.',
    )
  }
}
