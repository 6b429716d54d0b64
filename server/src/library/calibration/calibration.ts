import { setTimeout as delay } from 'node:timers/promises'
import type { ImageStore } from '../../stores/image-store.ts'
import { yieldToOthers } from '../../yield-to-others.ts'
import type { KeptSample } from '../../state/samples.ts'
import { likeness, type Verdicts } from '../copies/same-picture.ts'
import {
  itself,
  leastPictures,
  neighboured,
  type Sample,
  sampleSize,
  usualNearestOf,
} from './sample.ts'

/** A sample is drawn anew when so large a part of the library was written since. */
const staleShare = 0.25
/** When even more was, searches wait for the new one. */
const uselessShare = 1
/** How long a sample of a library holds into which other servers write, and after how long a failure is tried again. */
const trustedMs = 10 * 60_000
const retryMs = 30_000
/** So long a search waits for a sample: one that is drawn takes far less, unless the store is about to fail. */
const patienceMs = 1_000

/** Where samples outlive a restart. */
export interface SampleMemory {
  read(embedderId: string): KeptSample | null
  write(embedderId: string, sample: KeptSample): void
  remove(embedderId: string): void
}

interface Current extends Sample {
  readonly embedderId: string
  readonly drawnAt: number
}

/** Who asks: the library in use. */
interface Library {
  readonly store: ImageStore
  readonly embedder: { readonly id: string; readonly dimensions: number }
}

/**
 * The sample of the library by which scores are judged. It is drawn when a search first asks and again when the library
 * has changed by a quarter, so that an import pays nothing for it, and a library of a million has paid for some sixty.
 */
export class Calibration {
  readonly #memory: SampleMemory
  readonly #known: Verdicts
  #current: Current | null = null
  /** Records written since the sample was drawn. */
  #written = 0
  #drawing: Promise<void> | null = null
  #failedAt = -Infinity
  /** Counts how often vectors were exchanged. */
  #generation = 0

  constructor(memory: SampleMemory, known: Verdicts) {
    this.#memory = memory
    this.#known = known
  }

  /** Notes that records were written or deleted; cheap, for every write calls it. */
  note(records: number): void {
    this.#written += records
  }

  /** Vectors were exchanged as a whole: what was drawn says nothing of them. */
  forget(): void {
    const { embedderId } = this.#current ?? {}
    this.#current = null
    this.#generation++
    try {
      if (embedderId !== undefined) this.#memory.remove(embedderId)
    } catch {
      // On a full disk it stays, and is found stale after the next start if the library has another size then.
    }
  }

  /**
   * The sample as it is now; null where none can be had, because the store does not answer, or not soon. A sample that is somewhat
   * stale serves until the next is there.
   */
  async sample(library: Library): Promise<Sample | null> {
    const waited = new AbortController()
    await Promise.race([
      this.#prepare(library),
      delay(patienceMs, undefined, { signal: waited.signal }).catch(() => {}),
    ])
    waited.abort()
    return this.#current?.embedderId === library.embedder.id ? this.#current : null
  }

  async #prepare(library: Library): Promise<void> {
    const { store, embedder } = library
    if (this.#current?.embedderId !== embedder.id) await this.#recall(library)
    const current = this.#current
    const need = this.#need(current, store.shared === true)
    if (need !== 'none' && performance.now() - this.#failedAt >= retryMs) {
      const drawing = (this.#drawing ??= this.#draw(library).finally(() => (this.#drawing = null)))
      if (need === 'now') await drawing
    }
  }

  #need(current: Current | null, shared: boolean): 'none' | 'soon' | 'now' {
    if (!current) return 'now'
    const share = this.#written / Math.max(1, current.pictures)
    if (share > uselessShare) return 'now'
    if (share > staleShare) return current.pictures < leastPictures ? 'now' : 'soon'
    return shared && performance.now() - current.drawnAt > trustedMs ? 'soon' : 'none'
  }

  /** What an earlier run of the server drew, if the library is still about as large. */
  async #recall({ store, embedder }: Library): Promise<void> {
    this.#current = null
    try {
      const kept = this.#memory.read(embedder.id)
      if (!kept) return
      this.#written = Math.abs((await store.count()) - kept.pictures)
      this.#current = { ...kept, embedderId: embedder.id, drawnAt: performance.now() }
    } catch {
      this.#failedAt = performance.now()
    }
  }

  async #draw({ store, embedder }: Library): Promise<void> {
    try {
      const written = this.#written
      const generation = this.#generation
      const [pictures, vectors] = await Promise.all([
        store.count(),
        store.sample(sampleSize(embedder.dimensions)),
      ])
      if (generation !== this.#generation) return
      const drawn = { pictures, vectors, usualNearest: this.#current?.usualNearest ?? null }
      this.#current = { ...drawn, embedderId: embedder.id, drawnAt: performance.now() }
      this.#written -= written
      if (pictures < leastPictures) return
      this.#memory.write(embedder.id, drawn)
      void this.#lookAround(store, this.#current)
    } catch {
      // A search is answered without words rather than not at all; it meets what is wrong with the store itself.
      this.#failedAt = performance.now()
    }
  }

  /** Searches for the nearest neighbours of pictures in the sample; no search waits for it. */
  async #lookAround(store: ImageStore, drawn: Current): Promise<void> {
    const scores: number[] = []
    try {
      for (const vector of drawn.vectors.slice(0, neighboured)) {
        await yieldToOthers()
        if (this.#current !== drawn) return
        const score = await nearestBesides(store, this.#known, vector)
        if (score !== null) scores.push(score)
      }
      if (this.#current !== drawn) return
      this.#current = { ...drawn, usualNearest: usualNearestOf(scores) }
      this.#memory.write(drawn.embedderId, this.#current)
    } catch {
      // What is usual stays unknown, or as it was, until the next sample.
    }
  }
}

/** Copies of a picture that are looked past for its nearest neighbour. */
const mostCopies = 10

/** What the nearest picture scores that is no copy; null where there is none among the first. */
async function nearestBesides(
  store: ImageStore,
  known: Verdicts,
  vector: Float32Array,
): Promise<number | null> {
  const hits = await store.search({ vector, limit: mostCopies })
  const [own] = hits
  const other = hits.find(
    ({ record, score }) => score < itself && !likeness(known, own!.record.file, record.file),
  )
  return other?.score ?? null
}
