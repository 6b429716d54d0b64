import { setImmediate } from 'node:timers/promises'
import { LookalikeError } from '../../errors.ts'
import { isTurnLong } from '../../yield-to-others.ts'
import type { AnswerNotes, AnswerReads, ImageStore, Snapshot } from '../../stores/image-store.ts'
import type { VectorRecord } from '../../records/record.ts'

/** A store, and the embedder whose library it is. */
export interface OpenGeneration {
  readonly store: ImageStore
  readonly embedderId: string
}

/**
 * The store that callers hold while the library behind it can be exchanged. For the moment of an
 * exchange calls wait; they are answered by the library that is in use afterwards.
 */
export class SwitchingStore implements ImageStore {
  #current: OpenGeneration
  #gate: Promise<void> | null = null
  #underWay = 0
  #idle: (() => void) | null = null
  #changed: Set<string> | null = null
  #snapshot: Promise<void> | null = null
  readonly shared?: true
  readonly snapshot?: NonNullable<ImageStore['snapshot']>

  constructor(current: OpenGeneration) {
    this.#current = current
    if (current.store.shared) this.shared = true
    // All libraries of a server are kept by one kind of store.
    if (current.store.snapshot) this.snapshot = () => this.#takeSnapshot()
  }

  /** Notes from now on which records were written, for `takeChanged`. */
  watch(): void {
    this.#changed ??= new Set()
  }

  unwatch(): void {
    this.#changed = null
  }

  /** As if these records had been written. */
  noteChanged(ids: string[]): void {
    for (const id of ids) this.#changed?.add(id)
  }

  /** The ids written since it was last asked. */
  takeChanged(): string[] {
    const changed = [...(this.#changed ?? [])]
    this.#changed?.clear()
    return changed
  }

  /** Runs `work`, which may `replace` the library in use, while no call is under way and none begins. */
  async hold<T>(work: (current: ImageStore) => Promise<T>): Promise<T> {
    // A copy of a large library takes long: no call is to wait for it.
    while (this.#snapshot) await this.#snapshot
    const open = Promise.withResolvers<void>()
    this.#gate = open.promise
    try {
      if (this.#underWay > 0) await new Promise<void>((resolve) => (this.#idle = resolve))
      return await work(this.#current.store)
    } finally {
      this.#idle = null
      this.#gate = null
      open.resolve()
    }
  }

  /** Not counted as a call: those wait for an exchange, which waits for this. */
  async atRest(): Promise<void> {
    await this.#current.store.atRest?.()
  }

  /** Only inside `hold`: a call might still be using the one that goes. */
  replace(next: OpenGeneration): void {
    this.#current = next
  }

  /**
   * @throws LookalikeError `store_unavailable` for a record whose vector is of another embedder: the
   *   library was exchanged while it was made
   */
  upsert(records: VectorRecord[]): Promise<void> {
    const ids = records.map(({ id }) => id)
    return this.#write(ids, (store) => {
      for (const { embedderId } of records) this.#checkEmbedder(embedderId)
      return store.upsert(records)
    })
  }

  setMetadata: ImageStore['setMetadata'] = (id, metadata) =>
    this.#write([id], (store) => store.setMetadata(id, metadata))
  delete: ImageStore['delete'] = (ids) => this.#write(ids, (store) => store.delete(ids))
  search: ImageStore['search'] = (query) => this.#run((store) => store.search(query))
  get: ImageStore['get'] = (ids) => this.#run((store) => store.get(ids))
  getWithVectors: ImageStore['getWithVectors'] = (ids) =>
    this.#run((store) => store.getWithVectors(ids))
  findByContentHash: ImageStore['findByContentHash'] = (hashes) =>
    this.#run((store) => store.findByContentHash(hashes))
  sample: ImageStore['sample'] = (count) => this.#run((store) => store.sample(count))
  list: ImageStore['list'] = (page) => this.#run((store) => store.list(page))
  outline: ImageStore['outline'] = (page) => this.#run((store) => store.outline(page))
  facets: ImageStore['facets'] = (key, limit, filter) =>
    this.#run((store) => store.facets(key, limit, filter))
  count: ImageStore['count'] = (filter) => this.#run((store) => store.count(filter))
  health: ImageStore['health'] = () => this.#run((store) => store.health())
  close: ImageStore['close'] = () => this.#run((store) => store.close())

  forAnswer(notes: AnswerNotes): AnswerReads {
    const run = <T>(work: (reads: AnswerReads) => Promise<T>) =>
      this.#run((store) => work(store.forAnswer(notes)))
    return {
      search: (query) => run((reads) => reads.search(query)),
      get: (ids) => run((reads) => reads.get(ids)),
      getWithVectors: (ids) => run((reads) => reads.getWithVectors(ids)),
      findByContentHash: (hashes) => run((reads) => reads.findByContentHash(hashes)),
      list: (page) => run((reads) => reads.list(page)),
      outline: (page) => run((reads) => reads.outline(page)),
    }
  }

  /** Some stores answer much without waiting for anything: who asks one call after the other leaves turns to others. */
  async #run<T>(work: (store: ImageStore) => Promise<T>): Promise<T> {
    if (isTurnLong()) await setImmediate()
    while (this.#gate) await this.#gate
    return this.#counted(work)
  }

  async #counted<T>(work: (store: ImageStore) => Promise<T>): Promise<T> {
    this.#underWay++
    try {
      return await work(this.#current.store)
    } finally {
      if (--this.#underWay === 0) this.#idle?.()
    }
  }

  async #takeSnapshot(): Promise<Snapshot> {
    while (this.#gate) await this.#gate
    const taken = this.#current.store.snapshot!()
    const over = taken
      .then(
        () => {},
        () => {},
      )
      .finally(() => {
        if (this.#snapshot === over) this.#snapshot = null
      })
    this.#snapshot = over
    return taken
  }

  /** Also a write that failed may have been done. */
  #write<T>(ids: string[], work: (store: ImageStore) => Promise<T>): Promise<T> {
    return this.#run(async (store) => {
      try {
        return await work(store)
      } finally {
        this.noteChanged(ids)
      }
    })
  }

  #checkEmbedder(embedderId: string | null): void {
    if (embedderId === null || embedderId === this.#current.embedderId) return
    throw new LookalikeError(
      'store_unavailable',
      `The library was re-indexed for ${this.#current.embedderId} while this picture was worked on. Send it again.`,
      { retryAfter: 1 },
    )
  }
}
