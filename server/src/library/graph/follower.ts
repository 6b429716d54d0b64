import type { Health, ImageStore } from '../../stores/image-store.ts'
import type { ImageRecord } from '../../records/record.ts'
import type { ImageDocument, KnowledgeGraph } from '../../graph/knowledge-graph.ts'
import { healthOf } from './follower-health.ts'
import { markAll } from './mark-all.ts'
import type { Outbox } from './outbox.ts'
import { putDocuments } from './put-documents.ts'

const batchSize = 200
const retryAfterMs = 2000
/** How often a graph is asked whether it is still the one that was written to. */
const checkEveryMs = 10_000
/** Attempts after which a graph that answers, but does not take some documents, is thought to be right. */
const maxAttempts = 3
/** Records that were left out may be taken by a graph that was changed meanwhile. */
const tryLeftOutEveryMs = 3_600_000

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
  #failures = 0
  #check: NodeJS.Timeout | undefined
  #triedLeftOut = performance.now()
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
      await this.#deps.outbox.add(this.#leftOut())
      await this.#compare()
    } catch (error) {
      return this.#later(error, () => this.begin())
    }
    await this.catchUp()
    this.#check ??= setInterval(() => void this.#look(), checkEveryMs).unref()
  }

  /** Records that the graph is yet to hear of. */
  get due(): number {
    return this.#deps.outbox.due().size
  }

  health(): Health {
    return healthOf(this.#deps.outbox, this.#trouble)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    clearTimeout(this.#retry)
    clearInterval(this.#check)
    await this.#draining
    await this.#deps.outbox.close()
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
        this.#failures = 0
      } catch (error) {
        this.#failures++
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
    const { graph, store, outbox } = this.#deps
    await this.#verify()
    const records = await store.get(ids)
    const revision = outbox.revisions.current
    const documents = records.flatMap((record) => this.#describe(record))
    const stubborn = this.#failures >= maxAttempts
    const refused = await putDocuments(graph, documents, revision, stubborn)
    const rest = new Set(ids)
    for (const { id } of documents) rest.delete(id)
    for (const { id, why } of refused) {
      outbox.note(id, { why, leftOut: true })
      rest.add(id)
    }
    // Whatever was said before of a record that is gone, or cannot be described as it is now, is no longer true.
    await graph.remove([...rest], revision)
    const there = new Set(records.map(({ id }) => id))
    for (const id of ids) if (!there.has(id)) outbox.note(id, null)
    outbox.revisions.tell(revision)
    // One that is being written again stays due.
    outbox.settle(ids.filter((id) => !this.#inFlight.has(id)))
  }

  /** Describes a record, and notes where that could not be done in full. */
  #describe(record: ImageRecord): ImageDocument[] {
    const { outbox, describe } = this.#deps
    try {
      const document = describe(record)
      const why = document.changed.join(', ')
      outbox.note(record.id, why === '' ? null : { why, leftOut: false })
      return [document]
    } catch (error) {
      outbox.note(record.id, { why: (error as Error).message, leftOut: true })
      return []
    }
  }

  #leftOut(): string[] {
    return [...this.#deps.outbox.odd()].flatMap(([id, { leftOut }]) => (leftOut ? [id] : []))
  }

  /** Marks every record when the graph is not the one that was written to. */
  async #verify(): Promise<void> {
    const { revisions } = this.#deps.outbox
    const since = revisions.told
    if (revisions.isInStep(await this.#deps.graph.revision(), since)) return
    await markAll(this.#deps, () => this.#closed)
    revisions.forget()
  }

  async #look(): Promise<void> {
    if (this.#closed || this.#draining || this.#retry) return
    try {
      await this.#verify()
      if (performance.now() - this.#triedLeftOut > tryLeftOutEveryMs) {
        this.#triedLeftOut = performance.now()
        await this.#deps.outbox.add(this.#leftOut())
      }
    } catch {
      // A graph that cannot be reached says so by itself.
      return
    }
    if (this.#deps.outbox.due().size > 0) await this.catchUp()
  }

  async #compare(): Promise<void> {
    const { graph, store, outbox, describedBy } = this.#deps
    const count = await store.count()
    // Records that are due may be in either count; more than those apart, something else went by.
    const uncertain = outbox.due().size
    const apart = Math.abs((await graph.imageCount()) - count)
    if (outbox.describedBy() !== describedBy || apart > uncertain) {
      await markAll(this.#deps, () => this.#closed)
      if (!this.#closed) await outbox.setDescribedBy(describedBy)
    } else await this.#verify()
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
