import { setImmediate } from 'node:timers/promises'
import { batches } from '../../batches.ts'
import type { Outline, OutlinePage, Page, PageRequest } from '../../image-store.ts'
import type { StoredRecords } from './stored-records.ts'
import type { Walk } from './walk.ts'

/** Read before other work gets its turn: a few milliseconds. */
const recordsAtOnce = 200
const outlinesAtOnce = 1_000

/** Pages of the library, last come first where no order is asked for. */
export class Pages {
  readonly #records: StoredRecords
  readonly #walk: Walk

  constructor(records: StoredRecords, walk: Walk) {
    this.#records = records
    this.#walk = walk
  }

  async list(request: PageRequest): Promise<Page> {
    const { rows, nextCursor } = await this.#walk.page(request)
    const records = await inTurn(rows, recordsAtOnce, (some) => this.#records.atRows(some))
    return { records, nextCursor }
  }

  async outline(request: PageRequest): Promise<OutlinePage> {
    const { rows, nextCursor } = await this.#walk.page(request)
    const outlines = await inTurn<Outline>(rows, outlinesAtOnce, (some) =>
      this.#records.outlinesAtRows(some),
    )
    return { outlines, nextCursor }
  }
}

/** What is there still of the rows, in their order. */
async function inTurn<T>(
  rows: number[],
  atOnce: number,
  read: (rows: number[]) => Map<number, T>,
): Promise<T[]> {
  const all: T[] = []
  for (const [index, some] of batches(rows, atOnce).entries()) {
    if (index > 0) await setImmediate()
    const found = read(some)
    all.push(...some.flatMap((row) => found.get(row) ?? []))
  }
  return all
}
