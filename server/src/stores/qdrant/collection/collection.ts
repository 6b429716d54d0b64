import type { Schemas } from '@qdrant/js-client-rest'
import { LookalikeError } from '../../../errors.ts'
import type { Filter } from '../../../records/filter.ts'
import type { Library } from '../../image-store.ts'
import type { Connection } from '../connection/connection.ts'
import type { Deadline } from '../connection/deadline.ts'
import { describeCollection } from '../connection/describe.ts'
import { CollectionMissing, collectionLost } from '../connection/failures.ts'
import { checkCollection, checkVersion, type Claim, claimOf } from './fitness.ts'
import { GraphUpkeep } from '../indexes/graph-upkeep.ts'
import { PayloadIndexes } from '../indexes/payload-indexes.ts'
import { WordFilling } from '../indexes/word-filling.ts'
import { collectionToCreate, defaultSettings, type QdrantStoreOptions } from '../options.ts'
import type { Payload } from '../points/payload.ts'
import type { VectorSlot } from './vector-slot.ts'

type Info = Schemas['CollectionInfo']

const defaultUpkeepMs = 15_000
/** Records of an older Lookalike's collection that are looked at for its metadata keys. */
const sampleSize = 1_000

/**
 * The one collection a store works on: looked at before its first use, created or claimed by the
 * first write, and missed when it goes away.
 */
export class Collection {
  readonly #connection: Connection
  readonly #settings
  readonly #vectorName: string | null
  readonly #library: Library
  readonly #indexes: PayloadIndexes
  readonly #upkeep: GraphUpkeep
  readonly #words: WordFilling
  /** What was seen last; kept when the collection goes away, for what is under way then. */
  #found: { readonly slot: VectorSlot; readonly claim: Claim | null } | null = null
  #isHere = false
  #preparing: Promise<void> | null = null

  constructor(connection: Connection, options: QdrantStoreOptions, library: Library) {
    this.#connection = connection
    this.#settings = { ...defaultSettings, ...options.settings }
    this.#vectorName = options.vectorName ?? null
    this.#library = library
    this.#indexes = new PayloadIndexes(connection, this.#settings)
    this.#upkeep = new GraphUpkeep(connection, this.#indexes, options.upkeepMs ?? defaultUpkeepMs)
    this.#words = new WordFilling(connection, (deadline) =>
      this.#claim(deadline, { ...this.#found!.claim!, words: true }),
    )
  }

  /** Where the vectors are. Only inside `use` and `write`. */
  get slot(): VectorSlot {
    return this.#found!.slot
  }

  /** Whether every point of it was written by Lookalike. */
  get isOurs(): boolean {
    const { claim } = this.#found!
    return claim !== null && !claim.adopted
  }

  /** Whether every point has its words. */
  get hasWords(): boolean {
    return this.isOurs && this.#found!.claim!.words === true
  }

  /** Whether points are given their words at the moment. */
  get isFilling(): boolean {
    return this.#words.isRunning
  }

  /** Whether the graph's own links carry a search through this filter; of another's graph nothing is known. */
  isLinked(filter: Filter): boolean {
    if (!this.isOurs) return false
    if (this.#indexes.isLinked(filter)) return true
    // Perhaps another server has changed that since.
    this.#upkeep.schedule(this.slot)
    return false
  }

  /**
   * Looks at the server and the collection; null when there is none yet. Throws `embedder_mismatch`
   * for a collection that does not fit the library, `store_unavailable` for one that was there
   * before.
   */
  async inspect(deadline: Deadline): Promise<Info | null> {
    const info = await this.#look(deadline)
    if (!info && this.#found) throw collectionLost(this.#connection)
    return info
  }

  /** Whether any Lookalike has written to the collection. */
  async isClaimed(deadline: Deadline): Promise<boolean> {
    if (this.#isHere && this.#found!.claim) return true
    return (await this.inspect(deadline)) !== null && this.#found!.claim !== null
  }

  /** Lists by time need its index, which a collection of an older Lookalike lacks until somebody asks or writes. */
  async makeOrderable(deadline: Deadline): Promise<void> {
    await this.#noticingLoss(() => this.#indexes.createForOrder(deadline))
  }

  /** Keys whose filters are for ACORN: those whose index is younger than the graph, and why others have none. */
  get unlinked(): { readonly late: string[]; readonly shortfall: string | null } {
    const { late, shortfall } = this.#indexes
    return { late, shortfall }
  }

  close(): void {
    this.#upkeep.close()
    this.#words.close()
  }

  /** Uses a collection as it is; where there is none yet, `empty` is the answer. */
  async use<T>(deadline: Deadline, empty: T, ask: () => Promise<T>): Promise<T> {
    if (!this.#isHere && !(await this.inspect(deadline))) return empty
    return this.#noticingLoss(ask)
  }

  /**
   * Runs a write on a collection that is there, is this library's, and has the indexes that the payloads
   * to be written ask for. One that went away is not begun anew: a library that grows again from nothing
   * would hide that it was lost.
   */
  async write<T>(deadline: Deadline, payloads: Payload[], ask: () => Promise<T>): Promise<T> {
    this.#preparing ??= this.#prepare(deadline).catch((error: unknown) => {
      this.#preparing = null
      throw error
    })
    await this.#preparing
    return this.#noticingLoss(() => this.#covered(deadline, payloads, ask))
  }

  /**
   * Runs a change of what is there, which another program's collection may be without becoming this
   * library's.
   */
  async change<T>(
    deadline: Deadline,
    payloads: Payload[],
    ask: () => Promise<T>,
  ): Promise<T | undefined> {
    return this.use(deadline, undefined, () => this.#covered(deadline, payloads, ask))
  }

  async #covered<T>(deadline: Deadline, payloads: Payload[], ask: () => Promise<T>): Promise<T> {
    if (this.isOurs) {
      await this.#indexes.cover(deadline, payloads)
      if (this.#indexes.late.length > 0) this.#upkeep.schedule(this.slot)
    }
    return ask()
  }

  async #noticingLoss<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof CollectionMissing)) throw error
      this.#isHere = false
      this.#preparing = null
      throw collectionLost(this.#connection, error)
    }
  }

  async #prepare(deadline: Deadline): Promise<void> {
    const info = (await this.inspect(deadline)) ?? (await this.#create(deadline))
    if (!this.#found!.claim) {
      const isAnothers = (info.points_count ?? 0) > 0
      await this.#claim(deadline, this.#claimOf(this.slot.name, isAnothers))
    }
    await this.#indexes.createExplicit(deadline, this.isOurs)
    if (!this.isOurs || this.#found!.claim!.indexed) return
    await this.#indexes.cover(deadline, await this.#sample(deadline))
    await this.#claim(deadline, { ...this.#found!.claim!, indexed: true })
  }

  async #create(deadline: Deadline): Promise<Info> {
    const body = {
      ...collectionToCreate(this.#settings, this.#library.dimensions, this.#vectorName),
      metadata: { lookalike: this.#claimOf(this.#vectorName, false) },
    }
    const collection_name = this.#connection.collection
    await this.#connection
      .ask(deadline, (api, init) => api.createCollection({ collection_name, ...body }, init))
      .catch((error: unknown) => {
        // Another server was faster; whether its collection fits is seen next.
        if (!/already exists/i.test(String(error))) throw error
      })
    const info = await this.#look(deadline)
    if (!info) throw new LookalikeError('store_unavailable', `${collection_name} was not created.`)
    return info
  }

  /** Written into the collection, not its points: one request tells which embedder it belongs to. */
  #claimOf(vector: string | null, isAnothers: boolean): Claim {
    const of = { embedder: this.#library.embedderId, ...(vector !== null && { vector }) }
    return isAnothers ? { ...of, adopted: true } : { ...of, indexed: true, words: true }
  }

  async #claim(deadline: Deadline, claim: Claim): Promise<void> {
    const collection_name = this.#connection.collection
    await this.#connection.ask(deadline, (api, init) =>
      api.updateCollection({ collection_name, metadata: { lookalike: claim } }, init),
    )
    this.#found = { ...this.#found!, claim }
  }

  /** Ids are hashes, and so the first ones are as good as any. */
  async #sample(deadline: Deadline): Promise<Payload[]> {
    const collection_name = this.#connection.collection
    const { points } = await this.#connection.ask(deadline, (api, init) =>
      api.scrollPoints({ collection_name, limit: sampleSize, with_payload: true }, init),
    )
    return points.map(({ payload }) => (payload ?? {}) as Payload)
  }

  async #look(deadline: Deadline): Promise<Info | null> {
    const info = await this.#describe(deadline)
    this.#isHere = false
    if (info) {
      const slot = checkCollection(
        info,
        this.#connection.collection,
        this.#library,
        this.#vectorName,
      )
      this.#found = { slot, claim: claimOf(info) }
      this.#indexes.learn(info)
      this.#isHere = true
      if (this.isOurs && !this.hasWords) this.#words.start()
    }
    return info
  }

  async #describe(deadline: Deadline): Promise<Info | null> {
    checkVersion(await this.#connection.version(deadline), this.#connection.address)
    await this.#connection.followAlias(deadline)
    return describeCollection(this.#connection, deadline)
  }
}
