import { LookalikeError } from '../../../errors.ts'
import type { PageRequest } from '../../image-store.ts'
import type { Collection } from '../collection/collection.ts'
import type { Connection } from '../connection/connection.ts'
import { pageByTime } from './ordered.ts'
import { pointId } from './payload.ts'
import type { PointPage, PointReads } from './point-reads.ts'
import type { Reader } from './reader.ts'

/** Pages of a list, in the order of ids, which costs nothing, or in that of time. */
export class Pages {
  readonly #connection: Connection
  readonly #collection: Collection
  readonly #points: PointReads
  readonly #reader: Reader

  constructor(connection: Connection, collection: Collection, points: PointReads, reader: Reader) {
    this.#connection = connection
    this.#collection = collection
    this.#points = points
    this.#reader = reader
  }

  /** @param only payload keys to fetch; all when absent */
  async page(request: PageRequest, only?: string[]): Promise<PointPage> {
    const isByTime = request.order !== undefined && (await this.#haveTimes())
    return isByTime ? this.#byTime(request, only) : this.#byId(request, only)
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
}
