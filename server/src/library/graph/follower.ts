import type { Health, ImageStore } from '../../stores/image-store.ts'
import type { ImageRecord } from '../../records/record.ts'
import type { ImageDocument, KnowledgeGraph } from '../../graph/knowledge-graph.ts'
import { pagesOf } from '../../stores/pages.ts'
import type { Outbox } from './outbox.ts'

const batchSize = 200
const pageSize = 500
const retryAfterMs = 2000

export interface FollowerDeps {
  readonly graph: KnowledgeGraph
  readonly store: ImageStore
  readonly outbox: Outbox
  readonly describe: (record: ImageRecord) => ImageDocument
  /** Changes whenever `describe` would say something else: the library is then described again. */
  readonly describedBy: string
}

/**
 * Keeps the graph in step with the library. A record is marked before it changes and unmarked once the
 * graph has it as it is now; whatever happens in between, the mark is found again. A graph that is
 * down holds nothing up: its marks wait.
 */
export class GraphFollower {
  readonly #deps: FollowerDeps
  /** Records being written: how they will be is not known yet. */
  readonly #inFlight = new Map<string, number>()
  #draining: Promise<void> | undefined
  #again = false
  #retry: NodeJS.Timeout | undefined
  #trouble: unknown
  #closed = false

  constructor(deps: FollowerDeps) {
    this.#deps = deps
  }

  /** Runs a write of the library and updates the graph; throws only what the write throws. */
  async following<T>(ids: string[], write: () => Promise<T>): Promise<T> {
    for (const id of ids) this.#inFlight.set(id, (this.#inFlight.get(id) ?? 0) + 1)
    try {
      await this.#deps.outbox.add(ids)
      return await write()
    } finally {
      for (const id of ids) this.#landed(id)
      // While the graph is down no write waits for it: the next attempt is the timer's.
      if (!this.#retry) await this.catchUp()
    }
  }

  /** Puts every record that is due into the graph. Resolves when it has, or when it cannot. */
  catchUp(): Promise<void> {
    this.#again = true
    this.#draining ??= this.#drain().finally(() => {
      this.#draining = undefined
    })
    return this.#draining
  }

  /** Catches up, and describes the whole library when it was never, or otherwise, described. */
  async begin(): Promise<void> {
    try {
      await this.#compare()
    } catch (error) {
      return this.#later(error, () => this.begin())
    }
    await this.catchUp()
  }

  health(): Health {
    const due = this.#deps.outbox.due().size
    if (due === 0) return { status: 'ok', detail: 'Every image is described.' }
    const why = this.#trouble instanceof Error ? ` (${this.#trouble.message})` : ''
    return {
      status: 'degraded',
      detail: `${due} images are yet to be described${why}. Searches are not affected.`,
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#retry)
    await this.#draining
    this.#deps.outbox.close()
  }

  #landed(id: string): void {
    const writers = this.#inFlight.get(id)! - 1
    if (writers > 0) this.#inFlight.set(id, writers)
    else this.#inFlight.delete(id)
  }

  async #drain(): Promise<void> {
    while (this.#again && !this.#closed) {
      this.#again = false
      try {
        for (let ids = this.#next(); ids.length > 0 && !this.#closed; ids = this.#next()) {
          await this.#update(ids)
        }
        this.#trouble = undefined
      } catch (error) {
        return this.#later(error, () => this.catchUp())
      }
    }
  }

  #next(): string[] {
    const ids: string[] = []
    for (const id of this.#deps.outbox.due()) {
      if (!this.#inFlight.has(id) && ids.push(id) === batchSize) break
    }
    return ids
  }

  async #update(ids: string[]): Promise<void> {
    const { graph, store, outbox, describe } = this.#deps
    const records = await store.get(ids)
    const there = new Set(records.map(({ id }) => id))
    await graph.put(records.map(describe))
    await graph.remove(ids.filter((id) => !there.has(id)))
    // One that is being written again stays due.
    outbox.settle(ids.filter((id) => !this.#inFlight.has(id)))
  }

  async #compare(): Promise<void> {
    const { graph, store, outbox, describedBy } = this.#deps
    const count = await store.count()
    const due = outbox.due().size
    // Records that are due may be in either count; more than those apart, something else went by.
    const apart = Math.abs((await graph.imageCount()) - count)
    if (outbox.describedBy() === describedBy && apart <= due) return
    const stray = new Set(await graph.imageIds())
    for await (const { records } of pagesOf(store, { limit: pageSize })) {
      for (const { id } of records) stray.delete(id)
      await outbox.add(records.map(({ id }) => id))
      if (this.#closed) return
    }
    await outbox.add([...stray])
    if (!this.#closed) outbox.setDescribedBy(describedBy)
  }

  #later(error: unknown, attempt: () => Promise<void>): void {
    this.#trouble = error
    if (this.#closed) return
    clearTimeout(this.#retry)
    this.#retry = setTimeout(() => {
      this.#retry = undefined
      void attempt()
    }, retryAfterMs).unref()
  }
}
