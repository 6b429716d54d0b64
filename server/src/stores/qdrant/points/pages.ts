import { LookalikeError } from '../../../errors.ts'
import { hasText } from '../../../records/text.ts'
import { maxExamined, type PageRequest } from '../../image-store.ts'
import type { Collection } from '../collection/collection.ts'
import type { Connection } from '../connection/connection.ts'
import { cursorOf, pageByTime } from './ordered.ts'
import { pointId, recordOf } from './payload.ts'
import type { Point, PointPage, Points } from './points.ts'
import { batchSizes, type Reader } from './reader.ts'

/** Pages of a list, in the order of ids, which costs nothing, or in that of time. */
export class Pages {
  readonly #connection: Connection
  readonly #collection: Collection
  readonly #points: Points
  readonly #reader: Reader

  constructor(connection: Connection, collection: Collection, points: Points, reader: Reader) {
    this.#connection = connection
    this.#collection = collection
    this.#points = points
    this.#reader = reader
  }

  /** @param only payload keys to fetch; all when absent */
  async page(request: PageRequest, only?: string[]): Promise<PointPage> {
    const isByTime = request.order !== undefined && (await this.#haveTimes())
    const page = isByTime ? this.#byTime : this.#byId
    return request.text === undefined
      ? page(request, only)
      : this.#withText(page, request, only && [...only, 'image_uri', 'description'])
  }

  /** Points of another program alone have none; for the others there is to be an index. */
  async #haveTimes(): Promise<boolean> {
    if (!(await this.#collection.isClaimed(this.#connection.readDeadline()))) return false
    await this.#collection.makeOrderable(this.#connection.writeDeadline())
    return true
  }

  #byId = async (request: PageRequest, only?: string[]): Promise<PointPage> => {
    const { filter, limit, cursor } = request
    const from = cursor === undefined ? undefined : pointId(cursor)
    if (from === null) {
      throw new LookalikeError(
        'invalid_parameter',
        'cursor is not a next_cursor of an earlier page',
      )
    }
    const { points, next } = await this.#reader.page({ filter, limit, from, only })
    return { points, next: next === null ? null : String(next) }
  }

  #byTime = ({ filter, limit, order, cursor }: PageRequest, only?: string[]): Promise<PointPage> =>
    pageByTime(
      { reader: this.#reader, points: this.#points },
      order!,
      { filter, only },
      limit,
      cursor,
    )

  /** Qdrant has no such search without an index of words, so the points are looked at here. */
  async #withText(
    pageOf: (request: PageRequest, only?: string[]) => Promise<PointPage>,
    request: PageRequest,
    only?: string[],
  ): Promise<PointPage> {
    const matches = hasText(request.text!)
    const found: Point[] = []
    let page: PointPage = { points: [], next: request.cursor ?? null }
    for (let examined = 0; examined < maxExamined; examined += batchSizes.points) {
      const from = page.next === null ? {} : { cursor: page.next }
      page = await pageOf({ ...request, limit: batchSizes.points, ...from }, only)
      for (const [at, point] of page.points.entries()) {
        if (!matches(recordOf(point.id, point.payload))) continue
        found.push(point)
        if (found.length < request.limit) continue
        const following = page.points[at + 1]
        const next = following && (pageOf === this.#byTime ? cursorOf(point) : String(following.id))
        return { points: found, next: next ?? page.next }
      }
      if (page.next === null) break
    }
    return { points: found, next: page.next }
  }
}
