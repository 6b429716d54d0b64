import type { ImageStore } from '../../stores/image-store.ts'
import { pagesOf } from '../../stores/pages.ts'
import { KeyedLock } from '../keyed-lock.ts'
import { yieldToOthers } from '../../yield-to-others.ts'
import { Grouping, type DuplicateGroup } from './grouping.ts'
import type { Verdicts } from '../copies/same-picture.ts'

const pageSize = 500
/** How old the groups of a library may be into which others write as well. */
const freshMs = 60_000
/** Groups that are not asked for in this time are forgotten, to free their memory. */
const idleMs = 10 * 60_000

interface Known {
  readonly grouping: Grouping
  /** Records that were written since they were last read. */
  readonly touched: Set<string>
  readonly since: number
}

/**
 * Every group of duplicates in the library, largest first. The first question reads every record once;
 * after that only those are read that were written meanwhile.
 */
export class DuplicateGroups {
  readonly #verdicts: Verdicts
  readonly #lock = new KeyedLock()
  #known: Known | null = null
  #idle: NodeJS.Timeout | undefined

  constructor(verdicts: Verdicts) {
    this.#verdicts = verdicts
  }

  /** Notes records that may have changed, or of which more is known; cheap, for every write calls it. */
  note(ids: string[]): void {
    for (const id of ids) this.#known?.touched.add(id)
  }

  list(store: ImageStore, signal: AbortSignal): Promise<DuplicateGroup[]> {
    return this.#lock.run('groups', async () => {
      clearTimeout(this.#idle)
      try {
        const { grouping } = await this.#current(store, signal)
        return await grouping.groups(signal)
      } finally {
        this.#idle = setTimeout(() => (this.#known = null), idleMs).unref()
      }
    })
  }

  async #current(store: ImageStore, signal: AbortSignal): Promise<Known> {
    if (this.#known && store.shared && Date.now() - this.#known.since > freshMs) this.#known = null
    if (this.#known) {
      await readTouched(this.#known, store, signal)
      return this.#known
    }
    // Known from before the first page is read, so that what is written meanwhile is noted.
    this.#known = { grouping: new Grouping(this.#verdicts), touched: new Set(), since: Date.now() }
    try {
      await readAll(this.#known, store, signal)
      await readTouched(this.#known, store, signal)
      return this.#known
    } catch (error) {
      this.#known = null
      throw error
    }
  }
}

async function readAll({ grouping }: Known, store: ImageStore, signal: AbortSignal) {
  for await (const { records } of pagesOf(store, { limit: pageSize })) {
    for (const record of records) grouping.set(record.id, record)
    await yieldToOthers(signal)
  }
}

async function readTouched({ grouping, touched }: Known, store: ImageStore, signal: AbortSignal) {
  while (touched.size > 0) {
    await yieldToOthers(signal)
    const ids = [...touched].slice(0, pageSize)
    for (const id of ids) touched.delete(id)
    const records = await store.get(ids).catch((error: unknown) => {
      for (const id of ids) touched.add(id)
      throw error
    })
    const found = new Map(records.map((record) => [record.id, record]))
    for (const id of ids) grouping.set(id, found.get(id) ?? null)
  }
}
