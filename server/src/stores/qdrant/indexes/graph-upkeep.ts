import type { Schemas } from '@qdrant/js-client-rest'
import type { Connection } from '../connection/connection.ts'
import type { Deadline } from '../connection/deadline.ts'
import { describeCollection } from '../connection/describe.ts'
import type { VectorSlot } from '../collection/vector-slot.ts'
import { rebuildEntry, rebuildingFor } from './key-mark.ts'
import type { PayloadIndexes } from './payload-indexes.ts'

type Info = Schemas['CollectionInfo']

/** A key's part of the library from which on its links are worth a new graph. */
const minShare = 0.05

/**
 * Has the graph rebuilt, in the background, once keys whose index came after it have enough records; until
 * then their filters are for ACORN. What is under way is noted in the collection, so that it is seen
 * through by whichever server is there.
 */
export class GraphUpkeep {
  readonly #connection: Connection
  readonly #indexes: PayloadIndexes
  readonly #everyMs: number
  #timer: NodeJS.Timeout | null = null
  #closed = false
  /** Green was seen once: between a change and its beginning a collection is green for a moment. */
  #wasGreen = false

  constructor(connection: Connection, indexes: PayloadIndexes, everyMs: number) {
    this.#connection = connection
    this.#indexes = indexes
    this.#everyMs = everyMs
  }

  /** Looks after the graph in a while, and again for as long as there is something to do. */
  schedule(slot: VectorSlot): void {
    if (this.#timer || this.#closed) return
    this.#timer = setTimeout(() => {
      void this.#tend(slot)
        // Away, or failing: whoever asks it something hears of that.
        .catch(() => true)
        .then((goesOn) => {
          this.#timer = null
          if (goesOn) this.schedule(slot)
        })
    }, this.#everyMs)
    this.#timer.unref()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer ?? undefined)
  }

  /** @returns whether there is more to do */
  async #tend(slot: VectorSlot): Promise<boolean> {
    const deadline = this.#connection.writeDeadline()
    const info = await describeCollection(this.#connection, deadline)
    if (!info) return false
    this.#indexes.learn(info)
    const { late } = this.#indexes
    const under = rebuildingFor(info.config.metadata)
    if (under) return this.#watch(deadline, info, under)
    if (late.length === 0) return false
    if ((info.indexed_vectors_count ?? 0) === 0) {
      await this.#indexes.allLinked(deadline, late)
      return false
    }
    const isEnough = late.some((key) => this.#indexes.pointsOf(key) >= worthwhile(info, slot))
    if (isEnough && info.status === 'green') await this.#rebuild(deadline, info, slot, late)
    return true
  }

  async #watch(deadline: Deadline, info: Info, keys: string[]): Promise<boolean> {
    const isGreen = info.status === 'green'
    if (!isGreen || !this.#wasGreen) {
      this.#wasGreen = isGreen
      return true
    }
    this.#wasGreen = false
    await this.#indexes.allLinked(deadline, keys)
    await this.#note(deadline, null)
    return true
  }

  /** Qdrant rebuilds a graph when it is to be built with other care; by one does not matter. */
  async #rebuild(deadline: Deadline, info: Info, slot: VectorSlot, keys: string[]): Promise<void> {
    const now = slot.efConstruct ?? info.config.hnsw_config.ef_construct
    const hnsw_config = { ef_construct: now % 2 === 0 ? now + 1 : now - 1 }
    const collection_name = this.#connection.collection
    const change =
      slot.efConstruct === null
        ? { hnsw_config }
        : { vectors: { [slot.name ?? '']: { hnsw_config } } }
    // Noted first: a graph that is rebuilt twice is better than links that are taken for there.
    await this.#note(deadline, keys)
    await this.#connection.ask(deadline, (api, init) =>
      api.updateCollection({ collection_name, ...change }, init),
    )
  }

  async #note(deadline: Deadline, keys: string[] | null): Promise<void> {
    const collection_name = this.#connection.collection
    const metadata = rebuildEntry(keys)
    await this.#connection.ask(deadline, (api, init) =>
      api.updateCollection({ collection_name, metadata }, init),
    )
  }
}

/** Points from which on Qdrant walks its graph for a filter; fewer it compares one by one. */
function worthwhile(info: Info, slot: VectorSlot): number {
  const bytes = slot.dimensions * Float32Array.BYTES_PER_ELEMENT
  const scanned = (info.config.hnsw_config.full_scan_threshold * 1024) / bytes
  return Math.max(scanned, minShare * (info.points_count ?? 0))
}
