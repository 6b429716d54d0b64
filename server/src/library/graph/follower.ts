import type { Health, ImageStore } from '../../stores/image-store.ts'
import type { ImageRecord } from '../../records/record.ts'
import type { ImageDocument, KnowledgeGraph } from '../../graph/knowledge-graph.ts'
import { BackgroundWork } from '../background/background-work.ts'
import { WritesUnderWay } from '../background/writes-under-way.ts'
import { healthOf } from './follower-health.ts'
import { markAll } from './mark-all.ts'
import type { Outbox } from './outbox.ts'
import { putDocuments } from './put-documents.ts'
import { yieldToOthers } from '../../yield-to-others.ts'

/** Described, and written to the graph, before others have their turn: some milliseconds. */
const batchSize = 50
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
  readonly #underWay = new WritesUnderWay()
  readonly #beginning = new BackgroundWork((signal) => this.#begin(signal), retryAfterMs)
  readonly #draining = new BackgroundWork((signal) => this.#drain(signal), retryAfterMs)
  #check: NodeJS.Timeout | undefined
  #triedLeftOut = performance.now()
  #closed = false

  constructor(deps: FollowerDeps) {
    this.#deps = deps
  }

  /** Runs a write of the library and updates the graph; throws only what the write throws. */
  async following<T>(ids: string[], write: () => Promise<T>): Promise<T> {
    this.#underWay.begin(ids)
    try {
      await this.#deps.outbox.add(ids)
      return await write()
    } finally {
      this.#underWay.end(ids)
      // While the graph is down no write waits for it.
      if (!this.#isDown) await this.#draining.run()
    }
  }

  /** Catches up, and describes the whole library when it was never, or otherwise, described. */
  begin(): void {
    this.#beginning.wake()
  }

  /** Records that the graph is yet to hear of. */
  get due(): number {
    return this.#deps.outbox.due().size
  }

  health(): Health {
    return healthOf(this.#deps.outbox, this.#beginning.trouble ?? this.#draining.trouble)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    clearInterval(this.#check)
    // It may wait for a graph that does not answer; what it marks the next process finds, or marks.
    void this.#beginning.close()
    await this.#draining.close()
    await this.#deps.outbox.close()
  }

  get #isDown(): boolean {
    return this.#beginning.isWaitingToRetry || this.#draining.isWaitingToRetry
  }

  async #begin(signal: AbortSignal): Promise<void> {
    await this.#deps.outbox.add(this.#leftOut())
    await this.#compare(signal)
    if (signal.aborted) return
    this.#check ??= setInterval(() => void this.#look(signal), checkEveryMs).unref()
    void this.#draining.run()
  }

  /** Puts every record that is due into the graph. */
  async #drain(signal: AbortSignal): Promise<void> {
    for (let ids = this.#next(); ids.length > 0 && !signal.aborted; ids = this.#next()) {
      await this.#update(ids, signal)
    }
  }

  #next(): string[] {
    const ids: string[] = []
    for (const id of this.#deps.outbox.due()) {
      if (!this.#underWay.has(id) && ids.push(id) === batchSize) break
    }
    return ids
  }

  async #update(ids: string[], signal: AbortSignal): Promise<void> {
    const { graph, store, outbox } = this.#deps
    await this.#verify(signal)
    await yieldToOthers()
    const records = await store.get(ids)
    const revision = outbox.revisions.current
    const documents = records.flatMap((record) => this.#describe(record))
    const stubborn = this.#draining.failures >= maxAttempts
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
    outbox.settle(ids.filter((id) => !this.#underWay.has(id)))
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
  async #verify(signal: AbortSignal): Promise<void> {
    const { revisions } = this.#deps.outbox
    const since = revisions.told
    if (revisions.isInStep(await this.#deps.graph.revision(), since)) return
    await markAll(this.#deps, signal)
    revisions.forget()
  }

  async #look(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.#draining.isDue) return
    try {
      await this.#verify(signal)
      if (performance.now() - this.#triedLeftOut > tryLeftOutEveryMs) {
        this.#triedLeftOut = performance.now()
        await this.#deps.outbox.add(this.#leftOut())
      }
    } catch {
      // A graph that cannot be reached says so by itself.
      return
    }
    if (this.#deps.outbox.due().size > 0) await this.#draining.run()
  }

  async #compare(signal: AbortSignal): Promise<void> {
    const { graph, store, outbox, describedBy } = this.#deps
    const count = await store.count()
    // Records that are due may be in either count; more than those apart, something else went by.
    const uncertain = outbox.due().size
    const apart = Math.abs((await graph.imageCount()) - count)
    if (outbox.describedBy() !== describedBy || apart > uncertain) {
      await markAll(this.#deps, signal)
      if (!signal.aborted) await outbox.setDescribedBy(describedBy)
    } else await this.#verify(signal)
  }
}
