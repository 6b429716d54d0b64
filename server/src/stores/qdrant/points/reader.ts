import { batches } from '../../batches.ts'
import type { Collection } from '../collection/collection.ts'
import type { Connection } from '../connection/connection.ts'
import type { Deadline } from '../connection/deadline.ts'
import { type PointId, pointId } from './payload.ts'
import type { Point, PointParts, PointReads, Walk } from './point-reads.ts'

/** The maximum of each in one request. */
export const batchSizes = { vectors: 128, points: 1_000, hashes: 100 }

/** An attempt with less time than this is not worth the server's. */
const minAttemptMs = 200

const nowhere = { points: [], next: null }

/** Reads that take several requests, or one with the deadline of a read. */
export class Reader {
  readonly #connection: Connection
  readonly #collection: Collection
  readonly #points: PointReads

  constructor(connection: Connection, collection: Collection, points: PointReads) {
    this.#connection = connection
    this.#collection = collection
    this.#points = points
  }

  /**
   * One read; `empty` where there is no collection yet. What a write may follow from has to compare its
   * copies: while a node is dying it is as patient as a write.
   */
  async read<T>(
    empty: T,
    ask: (deadline: Deadline) => Promise<T>,
    patience = this.#connection.writeDeadline(),
  ): Promise<T> {
    let before: unknown
    for (;;) {
      const deadline = this.#connection.readDeadline().within(patience)
      try {
        return await this.#collection.use(deadline, empty, () => ask(deadline))
      } catch (error) {
        if (patience.signal.aborted) throw before ?? error
        const mayPass = this.#points.comparesCopies && this.#connection.isOfDyingNode(error)
        if (!mayPass || !patience.allows(minAttemptMs)) throw error
        before = error
      }
    }
  }

  page(walk: Walk): Promise<{ points: Point[]; next: PointId | null }> {
    return this.read(nowhere, (deadline) => this.#points.scroll(deadline, walk))
  }

  /** In the order asked for, without those that are not there. */
  async retrieve(ids: string[], parts: PointParts): Promise<Point[]> {
    const wanted = ids.map(pointId).filter((id) => id !== null)
    const found = new Map<PointId, Point>()
    for (const batch of batches(wanted, batchSizes[parts.with_vector ? 'vectors' : 'points'])) {
      const points = await this.read([], (deadline) =>
        this.#points.retrieve(deadline, batch, parts),
      )
      for (const point of points) found.set(point.id, point)
    }
    return wanted.flatMap((id) => found.get(id) ?? [])
  }

  /** Every point that passes a filter. Each page is a read, the whole walk as long as a write. */
  async walk(walk: Omit<Walk, 'limit' | 'from'>, visit: (point: Point) => void): Promise<void> {
    const end = this.#connection.writeDeadline()
    let from: PointId | undefined
    do {
      const request = { ...walk, limit: batchSizes.points, from }
      const ask = (deadline: Deadline) => this.#points.scroll(deadline, request)
      const { points, next } = await this.read(nowhere, ask, end)
      points.forEach(visit)
      from = next ?? undefined
    } while (from !== undefined)
  }
}
