import { setTimeout } from 'node:timers/promises'
import { agrees, fill } from './index-filling.ts'
import type { IndexFolder } from './index-folder.ts'
import { IndexRoom } from './index-room.ts'
import { Proving } from './proving.ts'
import { Seal } from './seal.ts'
import { Upkeep } from './upkeep.ts'
import type { Codes } from '../codes/codes.ts'
import { Rotation } from '../codes/rotation.ts'
import type { IndexEntry } from '../truth/stored-vectors.ts'
import type { Room } from '../../../data-dir/room.ts'
import type { Truth } from '../truth/truth.ts'
import type { Candidate, VectorIndex } from './vector-index.ts'

const retryMs = 30_000

interface KeeperOptions {
  readonly dimensions: number
  /** From this many vectors on, the graph is faster than comparing them all. */
  readonly graphFrom: number
  readonly room: Room
  /** How many bytes the numbers of a vector take in the index. */
  readonly vectorBytes: number
}

/**
 * Keeps the vector index in step with the truth: opens or fills it, follows every write, and has it kept up in the
 * background. An index is used again only under its seal; one that fails, disagrees with the truth, or
 * was being written when the process died is thrown away and rebuilt. Until it is `ready`, it may
 * miss records.
 */
export class IndexKeeper {
  readonly #folder: IndexFolder
  readonly #truth: Truth
  readonly #room: IndexRoom
  readonly #seal: Seal
  readonly #upkeep: Upkeep
  readonly #rotation: Rotation
  #index: VectorIndex | undefined
  #codes: Codes | undefined
  #ready = false
  #failed = false
  #filled = 0
  /** Opening, comparing or filling; undefined when that is done. */
  #opening: Promise<void> | undefined
  /** Undefined when the index has answered, and for one that was filled. */
  #proving: Proving | undefined
  #removed = new Set<number>()
  readonly #begun = Promise.withResolvers<void>()
  readonly #closing = new AbortController()

  constructor(
    folder: IndexFolder,
    truth: Truth,
    { dimensions, graphFrom, room, vectorBytes }: KeeperOptions,
  ) {
    this.#folder = folder
    this.#truth = truth
    this.#rotation = new Rotation(dimensions)
    this.#room = new IndexRoom(room, folder, vectorBytes)
    this.#seal = new Seal(folder, truth)
    const kept = {
      atRest: () => this.#atRest(),
      failed: (index: VectorIndex) => index === this.#index && this.#fail(),
      seal: () => this.#sealInUse(),
    }
    this.#upkeep = new Upkeep(kept, { truth, room: this.#room, seal: this.#seal, graphFrom })
    this.#startOpening(() => this.#openSealed())
  }

  /** Resolves when there is an index to answer or to be filled, and when there can be none now. */
  get begun(): Promise<void> {
    return this.#begun.promise
  }

  /** False until the index holds all there is, and when it failed. */
  get ready(): boolean {
    return this.#ready
  }

  /** Whether it proposes by a graph, which may miss a neighbour, and not by comparing all. */
  get hasGraph(): boolean {
    return this.#index?.hasGraph ?? false
  }

  /** Codes of all vectors; null while they are not in memory. */
  get codes(): Codes | null {
    const isWhole = this.#ready && (this.#proving?.hasCodes ?? true)
    return isWhole && this.#codes?.ready ? this.#codes : null
  }

  /** What it is doing, for people; null when all is done. */
  get task(): string | null {
    if (this.#opening && this.#ready) return 'being compared with the library'
    if (this.#room.isAwaited) return 'waiting for room on the disk'
    if (!this.#ready || !this.#index) {
      const share = this.#filled / Math.max(1, this.#truth.count())
      return `being rebuilt (${Math.floor(100 * Math.min(1, share))} %)`
    }
    return this.#upkeep.task(this.#index)
  }

  /** Standard deviation of what the index says of a cosine; infinite where it is not known. */
  get deviation(): number {
    return this.#index?.deviation ?? Infinity
  }

  /** The `count` nearest, best first; null when the index cannot tell. */
  async nearest(vector: Float32Array, count: number): Promise<Candidate[] | null> {
    if (!(await this.#canAnswer()) || !this.#index) return null
    try {
      return await this.#index.nearest(vector, count)
    } catch {
      this.#fail()
      return null
    }
  }

  /** Until a large index is read from a cold disk, codes answer, which are a fraction of it. */
  async #canAnswer(): Promise<boolean> {
    await this.#proving?.codesRead
    if (this.#proving && !this.codes) await this.#proving.ended
    return this.#ready && !this.#proving
  }

  /** A search was answered, by whatever. */
  answered(): void {
    this.#proving?.answered()
  }

  /** Follows a committed write. The truth has it, so a failure here costs no more than a rebuilding. */
  apply(put: IndexEntry[], removed: number[]): void {
    if (this.#opening) for (const row of removed) this.#removed.add(row)
    try {
      this.#room.assert(put.length)
      this.#seal.break()
      for (const each of [this.#index, this.#codes]) each?.remove(removed)
      this.#put(put)
    } catch {
      this.#fail()
    }
    this.#upkeep.schedule()
  }

  /** Resolves while the graph takes nothing in: once it does, nobody can stop it. */
  async atRest(): Promise<void> {
    while (this.#upkeep.optimising) await this.#upkeep.optimising
  }

  async close(): Promise<void> {
    this.#closing.abort()
    this.#proving?.end()
    this.#upkeep.stop()
    await this.#opening
    await this.#upkeep.optimising
    await this.#index?.answered()
    this.#codes?.close()
    try {
      // Closing writes as well; left open, it is rebuilt by whoever comes next.
      if (this.#room.has()) {
        this.#index?.close()
        if (this.#ready && !this.#seal.isWhole) {
          await this.#folder.sync()
          this.#seal.set()
        }
      }
    } catch {
      // Without a seal the index is rebuilt.
    }
    this.#index = undefined
    this.#ready = false
  }

  #put(entries: IndexEntry[]): void {
    const turned = entries.map((entry) => ({ ...entry, turned: this.#rotation.turn(entry.vector) }))
    this.#index?.put(turned)
    this.#codes?.put(turned)
  }

  #startOpening(open: () => Promise<void>): void {
    this.#opening = this.#open(open).finally(() => {
      this.#opening = undefined
      this.#upkeep.schedule()
    })
  }

  /** Never rejects: what cannot be made now, on a full disk for instance, is tried again later. */
  async #open(open: () => Promise<void>): Promise<void> {
    const { signal } = this.#closing
    for (let attempt = 0; !signal.aborted; attempt++) {
      this.#failed = false
      this.#removed.clear()
      try {
        await (attempt === 0 ? open() : this.#rebuild())
      } catch {
        this.#failed = true
      }
      this.#begun.resolve()
      if (!this.#failed) return
      this.#ready = false
      if (attempt > 0) await setTimeout(retryMs, null, { signal, ref: false }).catch(() => {})
    }
  }

  /** @throws Error when the index there must be rebuilt */
  async #openSealed(): Promise<void> {
    if (!this.#room.has()) return this.#rebuild()
    this.#index = this.#seal.open()
    const { lastVersion } = this.#truth
    const count = this.#truth.count()
    if (this.#index?.size !== count) return this.#rebuild()
    this.#codes = this.#folder.openCodes()
    this.#ready = true
    this.#proving = new Proving(this.#index, this.#codes, this.#folder)
    this.#begun.resolve()
    await this.#proving.proven
    this.#proving = undefined
    const baseline = { count, lastVersion, removed: this.#removed }
    const same = await agrees(this.#index, this.#truth.vectors, baseline, this.#closing.signal)
    if (!same) throw new Error('The vector index differs from the library.')
  }

  async #rebuild(): Promise<void> {
    this.#ready = false
    const { signal } = this.#closing
    const count = () => this.#truth.count()
    // No turn for others where there is no need: until its index is another one, writes go to this one.
    if (!this.#room.hasForAll(count())) {
      this.#begun.resolve()
      await this.#room.untilForAll(count, signal)
    }
    if (signal.aborted) return
    this.#failed = false
    const old = this.#index
    const oldCodes = this.#codes
    this.#index = this.#codes = this.#proving = undefined
    await this.#upkeep.optimising
    await old?.answered()
    this.#seal.break()
    try {
      oldCodes?.close()
      old?.close()
    } catch {
      // Its files are about to go anyway.
    }
    this.#index = await this.#folder.recreate()
    this.#codes = this.#folder.openCodes()
    this.#filled = 0
    this.#ready = count() === 0
    this.#begun.resolve()
    const put = (entries: IndexEntry[]) => this.#put(entries)
    await fill(put, this.#truth.vectors, signal, (vectors) => {
      this.#room.assert()
      this.#filled = vectors
    })
    this.#ready = !this.#failed && !signal.aborted
  }

  #fail(): void {
    this.#failed = true
    this.#ready = false
    if (!this.#opening) this.#startOpening(() => this.#rebuild())
  }

  #atRest(): VectorIndex | null {
    const isAtRest = this.#ready && !this.#opening && !this.#closing.signal.aborted
    return (isAtRest && this.#index) || null
  }

  /**
   * Closes the index and opens it again, so that a process that dies later leaves it in order: its own
   * recovery after a death in mid-write has been seen to mix vectors up.
   */
  async #sealInUse(): Promise<void> {
    try {
      await this.#folder.sync()
      await this.#index?.answered()
      const isInUse = this.#index?.isAsked || !this.#ready || !!this.#upkeep.optimising
      if (isInUse || !this.#room.has()) return this.#upkeep.schedule()
      if (this.#closing.signal.aborted) return
      this.#index!.close()
      this.#seal.set()
      this.#index = this.#seal.open()
      if (!this.#index) return this.#fail()
      await this.#index.prove()
      this.#folder.proven()
    } catch {
      this.#fail()
    }
  }
}
