import { randomUUID } from 'node:crypto'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { measuredBreadth, narrowest } from './breadth.ts'
import { agrees, fill } from './index-filling.ts'
import type { IndexFolder } from './index-folder.ts'
import type { Codes } from '../codes/codes.ts'
import type { IndexEntry, Versioned } from '../truth/stored-vectors.ts'
import type { Room } from '../../../data-dir/room.ts'
import type { Truth } from '../truth/truth.ts'
import type { VectorIndex } from './vector-index.ts'

/** The graph takes in new vectors when they are this share of the library. */
const maxShareOutside = 0.05
/** Fewer than this share of `graphFrom` are not worth an optimisation. */
const minShareOfGraph = 0.1
/** What is left of an import is taken in, and sealed, once nothing was written for this long. */
const quietMs = 5_000
const retryMs = 30_000
const roomCheckMs = 1_000

/** What an empty index takes, and what it may write beyond the vectors given to it: bytes. */
const indexSlack = 3e6

/** Of an entry beside its numbers: links, row and version. */
const entryBytes = 200

interface KeeperOptions {
  /** From this many vectors on, the graph is faster than comparing them all. */
  readonly graphFrom: number
  readonly room: Room
  /** How many bytes the numbers of a vector take in the index. */
  readonly vectorBytes: number
}

/** Where the truth notes the seal of an index that was closed in order and not written since. */
export const sealNote = 'index seal'
/** Where it notes how broadly the graph must be searched. */
const breadthNote = 'index breadth'

/**
 * Keeps the vector index in step with the truth: fills it, follows every write, and optimises it in the
 * background. An index is used again only under its seal; one that fails, disagrees with the truth, or
 * was being written when the process died is thrown away and rebuilt. Until it is `ready`, it may
 * miss records.
 */
export class IndexKeeper {
  readonly #folder: IndexFolder
  readonly #truth: Truth
  readonly #graphFrom: number
  readonly #room: Room
  readonly #vectorBytes: number
  #waitsForRoom = false
  #index: VectorIndex | undefined
  #codes: Codes | undefined
  /** Whether there is one for every vector of the index. */
  #hasAllCodes = false
  #ready = false
  #failed = false
  #sealed = false
  #filled = 0
  /** Opening, comparing or filling; undefined when that is done. */
  #opening: Promise<void> | undefined
  #optimising: Promise<void> | undefined
  /** The first question to an index that was opened, and before it the codes being read; undefined when both are done. */
  #proving: { codes: Promise<void>; index: Promise<void> } | undefined
  #removed = new Set<number>()
  #quietTimer: NodeJS.Timeout | undefined
  readonly #queries = new Set<Promise<unknown>>()
  readonly #closing = new AbortController()

  constructor(folder: IndexFolder, truth: Truth, { graphFrom, room, vectorBytes }: KeeperOptions) {
    this.#folder = folder
    this.#truth = truth
    this.#graphFrom = graphFrom
    this.#room = room
    // Written to the index's own log and to its file.
    this.#vectorBytes = 2 * (vectorBytes + entryBytes)
    this.#startOpening(() => this.#openSealed())
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
    return this.#ready && this.#hasAllCodes && this.#codes?.ready ? this.#codes : null
  }

  /** What it is doing, for people; null when all is done. */
  get task(): string | null {
    if (this.#opening && this.#ready) return 'being compared with the library'
    if (this.#waitsForRoom) return 'waiting for room on the disk'
    if (!this.#ready) {
      const share = this.#filled / Math.max(1, this.#truth.count())
      return `being rebuilt (${Math.floor(100 * Math.min(1, share))} %)`
    }
    const outside = this.#outsideGraph()
    return this.#optimising || outside >= this.#minOutside
      ? `taking in ${outside} new vectors`
      : null
  }

  /** The `count` nearest; null when the index cannot tell. */
  async nearest(vector: Float32Array, count: number): Promise<Versioned[] | null> {
    if (!(await this.#canAnswer()) || !this.#index) return null
    const query = this.#index.nearest(vector, count)
    this.#queries.add(query)
    try {
      return await query
    } catch {
      this.#fail()
      return null
    } finally {
      this.#queries.delete(query)
    }
  }

  /** Until a large index is read from a cold disk, codes answer, which are a fraction of it. */
  async #canAnswer(): Promise<boolean> {
    await this.#proving?.codes
    if (this.#proving && !this.codes) await this.#proving.index
    return this.#ready && !this.#proving
  }

  /** Follows a committed write. The truth has it, so a failure here costs no more than a rebuilding. */
  apply(put: IndexEntry[], removed: number[]): void {
    if (this.#opening) for (const row of removed) this.#removed.add(row)
    try {
      // Its files are mapped into memory: growing where there is no room would end the process.
      if (!this.#room.has(indexSlack + put.length * this.#vectorBytes)) throw noRoom()
      this.#breakSeal()
      for (const each of [this.#index, this.#codes]) {
        each?.remove(removed)
        each?.put(put)
      }
    } catch {
      this.#fail()
    }
    this.#scheduleMaintenance()
  }

  async close(): Promise<void> {
    this.#closing.abort()
    clearTimeout(this.#quietTimer)
    await this.#opening
    await this.#optimising
    await Promise.allSettled(this.#queries)
    this.#codes?.close()
    try {
      // Closing writes as well; left open, it is rebuilt by whoever comes next.
      if (this.#room.has(indexSlack)) {
        this.#index?.close()
        if (this.#ready && !this.#sealed) this.#seal()
      }
    } catch {
      // Without a seal the index is rebuilt.
    }
    this.#index = undefined
    this.#ready = false
  }

  #startOpening(open: () => Promise<void>): void {
    this.#opening = this.#open(open).finally(() => {
      this.#opening = undefined
      this.#scheduleMaintenance()
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
        if (!this.#failed) return
      } catch {
        this.#failed = true
      }
      this.#ready = false
      if (attempt > 0) await setTimeout(retryMs, null, { signal, ref: false }).catch(() => {})
    }
  }

  /** @throws Error when the index there must be rebuilt */
  async #openSealed(): Promise<void> {
    if (!this.#room.has(indexSlack)) return this.#rebuild()
    const seal = this.#truth.notes.read(sealNote)
    this.#index = (seal && this.#folder.openSealed(seal)) || undefined
    const { lastVersion } = this.#truth
    const count = this.#truth.count()
    if (this.#index?.size !== count) return this.#rebuild()
    this.#codes = this.#folder.openCodes()
    this.#index.breadth = this.#notedBreadth
    this.#ready = this.#sealed = true
    await this.#prove(this.#index, this.#codes)
    const baseline = { count, lastVersion, removed: this.#removed }
    const same = await agrees(this.#index, this.#truth.vectors, baseline, this.#closing.signal)
    if (!same) throw new Error('The vector index differs from the library.')
  }

  /** @throws Error when it cannot answer, or codes are missing */
  async #prove(index: VectorIndex, codes: Codes): Promise<void> {
    // Opening is over first, so that the server can already answer.
    const read = setImmediate().then(async () => {
      await codes.read()
      if (codes.ready && codes.size !== index.size) throw new Error('Codes are missing.')
      this.#hasAllCodes = true
    })
    const asked = read.then(() => index.prove())
    const settled = (work: Promise<void>) => work.catch(() => {})
    this.#proving = { codes: settled(read), index: settled(asked) }
    try {
      await asked
      this.#folder.proven()
    } finally {
      this.#proving = undefined
    }
  }

  async #rebuild(): Promise<void> {
    this.#ready = false
    // No turn for others where there is no need: until its index is another one, writes go to this one.
    if (!this.#hasRoomForAll()) await this.#untilRoom()
    if (this.#closing.signal.aborted) return
    this.#failed = false
    const old = this.#index
    const oldCodes = this.#codes
    this.#index = this.#codes = undefined
    this.#hasAllCodes = false
    await this.#optimising
    await Promise.allSettled(this.#queries)
    this.#breakSeal()
    try {
      oldCodes?.close()
      old?.close()
    } catch {
      // Its files are about to go anyway.
    }
    const index = (this.#index = this.#folder.recreate())
    const codes = (this.#codes = this.#folder.openCodes())
    this.#filled = 0
    await setImmediate()
    const { signal } = this.#closing
    const put = (entries: IndexEntry[]) => {
      index.put(entries)
      codes.put(entries)
    }
    await fill(put, this.#truth.vectors, signal, (vectors) => {
      if (!this.#room.has(indexSlack)) throw noRoom()
      this.#filled = vectors
    })
    this.#ready = this.#hasAllCodes = !this.#failed && !signal.aborted
  }

  /** What is there already is thrown away first. */
  #hasRoomForAll(): boolean {
    const needed = indexSlack + this.#truth.count() * this.#vectorBytes
    return this.#room.has(Math.max(indexSlack, needed - this.#folder.bytes()))
  }

  /** Resolves when the whole index has room, and when this is closing. */
  async #untilRoom(): Promise<void> {
    const { signal } = this.#closing
    this.#waitsForRoom = true
    while (!signal.aborted && !this.#hasRoomForAll()) {
      await setTimeout(roomCheckMs, null, { signal, ref: false }).catch(() => {})
    }
    this.#waitsForRoom = false
  }

  #fail(): void {
    this.#failed = true
    this.#ready = false
    if (!this.#opening) this.#startOpening(() => this.#rebuild())
  }

  /** What the index does next when it is left alone: take in what is outside the graph, then a seal. */
  #scheduleMaintenance(): void {
    clearTimeout(this.#quietTimer)
    if (this.#optimising || this.#opening || !this.#ready || this.#closing.signal.aborted) return
    const outside = this.#outsideGraph()
    const due = outside >= this.#minOutside
    if (due && outside >= maxShareOutside * this.#truth.count()) {
      this.#optimise()
    } else if (due || !this.#sealed) {
      const next = () => void (due ? this.#optimise() : this.#sealInUse())
      this.#later(next)
    }
  }

  #later(next: () => void): void {
    clearTimeout(this.#quietTimer)
    this.#quietTimer = globalThis.setTimeout(next, quietMs).unref()
  }

  #optimise(): void {
    const index = this.#index!
    // The graph is made beside the vectors that it takes in.
    const release = this.#room.claimDerived(indexSlack + 2 * this.#folder.bytes())
    if (!release) return this.#later(() => this.#scheduleMaintenance())
    this.#optimising = this.#optimiseIndex(index, release).then((done) => {
      this.#optimising = undefined
      if (done) this.#scheduleMaintenance()
      else if (index === this.#index) this.#fail()
    })
  }

  async #optimiseIndex(index: VectorIndex, release: () => void): Promise<boolean> {
    try {
      this.#breakSeal()
      await index.optimise()
      index.breadth = await measuredBreadth(index, this.#truth.vectors)
      this.#truth.write(() => this.#truth.notes.write(breadthNote, index.breadth))
      return true
    } catch {
      return false
    } finally {
      release()
    }
  }

  /**
   * Closes the index and opens it again, so that a process that dies later leaves it in order: its own
   * recovery after a death in mid-write has been seen to mix vectors up.
   */
  async #sealInUse(): Promise<void> {
    try {
      await this.#folder.sync()
      await Promise.allSettled(this.#queries)
      const isInUse = this.#queries.size > 0 || !this.#ready || !!this.#optimising
      if (isInUse || !this.#room.has(indexSlack)) return this.#scheduleMaintenance()
      if (this.#closing.signal.aborted) return
      this.#index!.close()
      const index = this.#folder.openSealed(this.#seal())
      this.#index = index ?? undefined
      if (!index) return this.#fail()
      index.breadth = this.#notedBreadth
      const proof = index.prove()
      this.#queries.add(proof)
      await proof.finally(() => this.#queries.delete(proof))
      this.#folder.proven()
    } catch {
      this.#fail()
    }
  }

  #seal(): string {
    const seal = randomUUID()
    this.#folder.seal(seal)
    this.#truth.write(() => this.#truth.notes.write(sealNote, seal))
    this.#sealed = true
    return seal
  }

  /** Before anything is written to the index: from then on only an orderly closing vouches for it. */
  #breakSeal(): void {
    if (this.#sealed || this.#truth.notes.read(sealNote) !== null) {
      this.#truth.write(() => this.#truth.notes.remove(sealNote))
    }
    this.#sealed = false
  }

  get #notedBreadth(): number {
    return Number(this.#truth.notes.read(breadthNote) ?? narrowest)
  }

  get #minOutside(): number {
    return minShareOfGraph * this.#graphFrom
  }

  /** 0 below the size from which the graph pays. */
  #outsideGraph(): number {
    if (!this.#index || !this.#ready || this.#truth.count() < this.#graphFrom) return 0
    return this.#index.outsideGraph
  }
}

function noRoom(): Error {
  return new Error('The disk has no room for the vector index.')
}
