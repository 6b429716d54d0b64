import type { Schemas } from '@qdrant/js-client-rest'
import { LookalikeError } from '../../errors.ts'
import type { Library } from '../image-store.ts'
import type { Connection, Deadline } from './connection.ts'
import { CollectionMissing, collectionLost } from './failures.ts'
import { checkCollection, checkVersion, embedderOf } from './fitness.ts'
import { type CollectionSettings, collectionToCreate, wantedIndexes } from './options.ts'

type Info = Schemas['CollectionInfo']

/**
 * The one collection a store works on: looked at before its first use, created or claimed by the
 * first write, and missed when it goes away.
 */
export class Collection {
  private readonly connection: Connection
  private readonly settings: CollectionSettings
  private readonly library: Library
  private seen = false
  private checked = false
  private claimed = false
  private preparing: Promise<void> | null = null

  constructor(connection: Connection, settings: CollectionSettings, library: Library) {
    this.connection = connection
    this.settings = settings
    this.library = library
  }

  /**
   * Looks at the server and the collection; null when there is none yet. Throws `embedder_mismatch`
   * for a collection that does not fit the library, `store_unavailable` for one that was there
   * before.
   */
  async inspect(deadline: Deadline): Promise<Info | null> {
    const info = await this.look(deadline)
    if (!info && this.seen) throw collectionLost(this.connection)
    return info
  }

  /** Whether any Lookalike has written to the collection. */
  async isClaimed(deadline: Deadline): Promise<boolean> {
    if (!this.checked || !this.claimed) await this.inspect(deadline)
    return this.claimed
  }

  /** Uses a collection as it is; where there is none yet, `empty` is the answer. */
  async use<T>(deadline: Deadline, empty: T, ask: () => Promise<T>): Promise<T> {
    if (!this.checked && !(await this.inspect(deadline))) return empty
    return this.noticingLoss(ask)
  }

  /**
   * Runs a write on a collection that is there, is this library's, and has its indexes. One that went
   * away is not begun anew: a library that grows again from nothing would hide that it was lost.
   */
  async write<T>(deadline: Deadline, ask: () => Promise<T>): Promise<T> {
    await this.prepared(deadline)
    return this.noticingLoss(ask)
  }

  private async noticingLoss<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask()
    } catch (error) {
      if (!(error instanceof CollectionMissing)) throw error
      this.checked = false
      this.preparing = null
      throw collectionLost(this.connection, error)
    }
  }

  private prepared(deadline: Deadline): Promise<void> {
    this.preparing ??= this.prepare(deadline).catch((error: unknown) => {
      this.preparing = null
      throw error
    })
    return this.preparing
  }

  private async prepare(deadline: Deadline): Promise<void> {
    const info = (await this.inspect(deadline)) ?? (await this.create(deadline))
    if (!this.claimed) await this.claim(deadline)
    await this.createIndexes(deadline, info)
  }

  private async create(deadline: Deadline): Promise<Info> {
    const body = {
      ...collectionToCreate(this.settings, this.library.dimensions),
      metadata: this.claimText,
    }
    const collection_name = this.connection.collection
    await this.connection
      .ask(deadline, (api, init) => api.createCollection({ collection_name, ...body }, init))
      .catch((error: unknown) => {
        // Another server was faster; whether its collection fits is seen next.
        if (!/already exists/i.test(String(error))) throw error
      })
    const info = await this.look(deadline)
    if (!info) throw new LookalikeError('store_unavailable', `${collection_name} was not created.`)
    return info
  }

  /** Written into the collection, not its points: one request tells which embedder it belongs to. */
  private get claimText() {
    return { lookalike: { embedder: this.library.embedderId } }
  }

  private async claim(deadline: Deadline): Promise<void> {
    const collection_name = this.connection.collection
    const metadata = this.claimText
    await this.connection.ask(deadline, (api, init) =>
      api.updateCollection({ collection_name, metadata }, init),
    )
    this.claimed = true
  }

  private async createIndexes(deadline: Deadline, info: Info): Promise<void> {
    const collection_name = this.connection.collection
    for (const [field_name, field_schema] of wantedIndexes(this.settings)) {
      if (info.payload_schema[field_name]) continue
      // In a large adopted collection building takes longer than a write may; filters work meanwhile.
      const wait = (info.points_count ?? 0) === 0
      await this.connection.ask(deadline, (api, init) =>
        api.createFieldIndex({ collection_name, wait, field_name, field_schema }, init),
      )
    }
  }

  private async look(deadline: Deadline): Promise<Info | null> {
    const info = await this.describe(deadline)
    if (info) checkCollection(info, this.connection.collection, this.library)
    this.checked = info !== null
    this.claimed = info !== null && embedderOf(info) !== null
    this.seen ||= this.checked
    return info
  }

  private async describe(deadline: Deadline): Promise<Info | null> {
    checkVersion(await this.connection.version(deadline), this.connection.address)
    await this.connection.followAlias(deadline)
    return describeCollection(this.connection, deadline)
  }
}

/** What the server knows of the connection's collection; null when there is none. */
export async function describeCollection(
  connection: Connection,
  deadline: Deadline,
): Promise<Info | null> {
  const collection_name = connection.collection
  try {
    return await connection.ask(deadline, (api, init) =>
      api.getCollection({ collection_name }, init),
    )
  } catch (error) {
    if (error instanceof CollectionMissing) return null
    throw error
  }
}
