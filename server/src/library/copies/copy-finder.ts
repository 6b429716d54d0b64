import type { Change } from '../../images/comparison/change.ts'
import type { Comparer } from '../../images/comparison/comparer.ts'
import { isNear } from '../../records/perceptual.ts'
import type { FileFacts, ImageRecord, VectorRecord } from '../../records/record.ts'
import type { ImageStore } from '../../stores/image-store.ts'
import { pagesOf } from '../../stores/pages.ts'
import { yieldToOthers } from '../../yield-to-others.ts'
import type { Sketch } from '../../images/comparison/sketch.ts'
import { BackgroundWork } from '../background/background-work.ts'
import { byKeeping, standingOf } from './keeping.ts'
import { candidatesFor } from './candidates.ts'
import type { KnownCopies } from './known-copies.ts'
import { strayCopies } from './prune.ts'
import type { Sketches } from './sketches.ts'

const batchSize = 32
const pageSize = 500
/** Above so many that wait, the walk through the library waits as well. */
const enoughDue = 1000
const retryAfterMs = 3000
const lookAgainMs = 200
/** A rest after records without files, which are gone through in this process's own time. */
const restMs = 50
/** So long after a record was written: whoever writes one goes before. */
const settleMs = 1_000
const maxJoined = 100
const comparedWithBest = 3

export interface CopyFinderDeps {
  readonly store: ImageStore
  readonly known: KnownCopies
  readonly sketches: Sketches
  readonly comparer: Comparer
  /** Called with the ids of records of which something new is known. */
  readonly onFound: (ids: string[]) => void
}

/**
 * Compares each picture of the library with the few that it may be a copy of, one after the other in the background:
 * vectors and hashes propose, pixels decide. What was compared is kept, so that a server that is killed goes on where
 * it was; and a library that was there before is caught up with while it is used.
 */
export class CopyFinder {
  readonly #deps: CopyFinderDeps
  /** Ids of records that were written, or that the walk found. */
  readonly #due = new Set<string>()
  // Whatever cannot be reached now is tried again; those that were compared are not.
  readonly #comparing = new BackgroundWork((signal) => this.#compareDue(signal), retryAfterMs)
  readonly #walking = new BackgroundWork((signal) => this.#walk(signal), retryAfterMs)

  constructor(deps: CopyFinderDeps) {
    this.#deps = deps
  }

  /** Walks through the library for pictures that were never compared. */
  begin(): void {
    this.#walking.wake()
  }

  /** Notes records that may have changed. */
  note(ids: readonly string[]): void {
    for (const id of ids) this.#due.add(id)
    this.#comparing.wake(settleMs)
  }

  /** How many pictures wait to be compared, as far as is known. */
  async pending(): Promise<number> {
    const waiting = this.#due.size + Number(this.#comparing.isRunning)
    if (!this.#walking.isDue) return waiting
    const pictures = await this.#deps.store.count()
    // One that is written again leaves what was known of it behind, so that fewer may seem to be left than are.
    return Math.max(waiting, pictures - this.#deps.known.compared, Math.min(pictures, 1))
  }

  async close(): Promise<void> {
    await Promise.all([this.#comparing.close(), this.#walking.close()])
    this.#deps.known.close()
  }

  async #walk(signal: AbortSignal): Promise<void> {
    const { store, known } = this.#deps
    for await (const { records } of pagesOf(store, { limit: pageSize })) {
      if (signal.aborted) return
      this.note(
        records
          .filter(({ file }) => file && !file.missing && !known.isCompared(file.sha256))
          .map(({ id }) => id),
      )
      do await pause(lookAgainMs)
      while (this.#due.size > enoughDue && !signal.aborted)
    }
    await this.#prune(signal)
  }

  /** Of servers that share their library some may share this folder, with other libraries than ours. */
  async #prune(signal: AbortSignal): Promise<void> {
    const { store, known } = this.#deps
    if (store.shared) return
    for await (const stray of strayCopies(known, store)) {
      if (signal.aborted) return
      known.forget(stray)
      await pause(restMs)
    }
  }

  async #compareDue(signal: AbortSignal): Promise<void> {
    while (this.#due.size > 0 && !signal.aborted) {
      const ids = [...this.#due].slice(0, batchSize)
      const nothing: string[] = []
      await yieldToOthers()
      for (const record of await this.#deps.store.getWithVectors(ids)) {
        if (signal.aborted) return
        if (!(await this.#compare(record, signal))) nothing.push(record.file!.sha256)
      }
      this.#deps.known.putNothing(nothing)
      for (const id of ids) this.#due.delete(id)
      if (nothing.length === ids.length) await pause(restMs)
    }
  }

  /** False where there is no picture to compare. */
  async #compare(record: VectorRecord, signal: AbortSignal): Promise<boolean> {
    const { store, known, sketches, onFound } = this.#deps
    const { file } = record
    if (!file || file.missing || known.isCompared(file.sha256)) return true
    const sketch = await sketches.of(file)
    if (!sketch) return false
    const found = new Map<string, Verdict>()
    const look = (others: ImageRecord[]) => this.#lookAt({ file, sketch }, others, found)
    await look(await candidatesFor(store, record))
    const copies = [...found].filter(([, { change }]) => change).map(([sha256]) => sha256)
    await look(await bestOfCopies(this.#deps, copies))
    if (signal.aborted) return true
    known.put(file.sha256, new Map([...found].map(([sha256, { change }]) => [sha256, change])))
    if (found.size > 0) onFound([record.id, ...[...found.values()].map(({ id }) => id)])
    return true
  }

  /** Compares the picture with others of which nothing is known yet. */
  async #lookAt(
    { file, sketch }: { file: FileFacts; sketch: Sketch },
    records: ImageRecord[],
    found: Map<string, Verdict>,
  ): Promise<void> {
    const { known, sketches, comparer } = this.#deps
    const others = []
    for (const { id, file: other } of records) {
      if (!other || other.missing || other.sha256 === file.sha256 || found.has(other.sha256)) continue // prettier-ignore
      if (known.between(file.sha256, other.sha256) !== undefined) continue
      const small = await sketches.of(other)
      if (small) others.push({ id, other, small })
    }
    if (others.length === 0) return
    const changes = await comparer.compare(
      sketch,
      others.map(({ small }) => small),
    )
    for (const [index, { id, other }] of others.entries()) {
      const change = changes[index]!
      // That two are different is worth keeping only where their hashes say that they are not.
      if (change || isNear(other.phash ?? '', file.phash ?? ''))
        found.set(other.sha256, { id, change })
    }
  }
}

interface Verdict {
  readonly id: string
  readonly change: Change | null
}

/**
 * Of the copies that were found, and of theirs, those that are likely to be kept: what was done to get a picture is
 * said of these, also where they are not among its nearest.
 */
async function bestOfCopies(
  { store, known }: Pick<CopyFinderDeps, 'store' | 'known'>,
  copies: string[],
): Promise<ImageRecord[]> {
  const joined = new Set(copies.flatMap((each) => [...known.joined(each)]))
  for (const each of copies) joined.delete(each)
  if (joined.size === 0) return []
  const records = await store.findByContentHash([...joined].slice(0, maxJoined))
  const best = byKeeping(known, records.map(standingOf)).slice(0, comparedWithBest)
  return best.flatMap(({ id }) => records.find((each) => each.id === id) ?? [])
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
