import { batches } from '../batches.ts'
import type { Collection } from './collection.ts'
import type { Connection, Deadline } from './connection.ts'
import { type PointId, pointId } from './payload.ts'
import type { Point, PointParts, Points, Walk } from './points.ts'

/** Most of each in one request; 128 vectors of 1536 dimensions are 4 MB of JSON, of 32 allowed. */
export const batchSizes = { vectors: 128, points: 1_000, hashes: 100 }

const nowhere = { points: [], next: null }

/** Reads that take several requests, or one with the deadline of a read. */
export class Reader {
  private readonly connection: Connection
  private readonly collection: Collection
  private readonly points: Points

  constructor(connection: Connection, collection: Collection, points: Points) {
    this.connection = connection
    this.collection = collection
    this.points = points
  }

  /** One read; `empty` where there is no collection yet. */
  read<T>(empty: T, ask: (deadline: Deadline) => Promise<T>): Promise<T> {
    const deadline = this.connection.readDeadline()
    return this.collection.use(deadline, empty, () => ask(deadline))
  }

  page(walk: Walk): Promise<{ points: Point[]; next: PointId | null }> {
    return this.read(nowhere, (deadline) => this.points.scroll(deadline, walk))
  }

  /** In the order asked for, without those that are not there. */
  async retrieve(ids: string[], parts: PointParts): Promise<Point[]> {
    const wanted = ids.map(pointId).filter((id) => id !== null)
    const found = new Map<PointId, Point>()
    for (const batch of batches(wanted, batchSizes[parts.with_vector ? 'vectors' : 'points'])) {
      const points = await this.read([], (deadline) => this.points.retrieve(deadline, batch, parts))
      for (const point of points) found.set(point.id, point)
    }
    return wanted.flatMap((id) => found.get(id) ?? [])
  }

  /** Every point that passes a filter. Each page is a read, the whole walk as long as a write. */
  async walk(walk: Omit<Walk, 'limit' | 'from'>, visit: (point: Point) => void): Promise<void> {
    const end = this.connection.writeDeadline()
    let from: PointId | undefined
    do {
      const request = { ...walk, limit: batchSizes.points, from }
      const { points, next } = await this.read(nowhere, (deadline) =>
        this.points.scroll(AbortSignal.any([deadline, end]), request),
      )
      points.forEach(visit)
      from = next ?? undefined
    } while (from !== undefined)
  }
}
