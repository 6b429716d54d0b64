import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import { LookalikeError } from '../../errors.ts'
import type { FileFacts } from '../../records/record.ts'
import type { ImageStore } from '../../stores/image-store.ts'
import { yieldToOthers } from '../../yield-to-others.ts'
import { type Layout, MapFile, type Place } from './map-file.ts'
import type { Landmarks, Matrix } from './projection.ts'
import type { MapTask } from './worker.ts'

/** Pictures that the layout is made of; all others find their place among them. */
const maxLandmarks = 2_000
/** Vectors that are in memory and on their way to the thread at once. */
const batch = 500
const outlinePage = 2_000
/** How old what is known of a library may be into which others write as well. */
const freshMs = 60_000

export interface MapState {
  /** Changes whenever a place does. */
  readonly version: string
  readonly phase: 'laying_out' | 'placing' | 'ready' | 'failed'
  /** Pictures that have a place, and that are to have one. */
  readonly placed: number
  readonly images: number
  /** Why it failed; it is tried again when the map is next asked for. */
  readonly detail: string | null
}

export interface MapPage extends MapState {
  readonly places: Place[]
  readonly nextCursor: string | null
}

interface Library {
  readonly store: ImageStore
  readonly embedderId: () => string
  readonly dataDir: string
}

/**
 * The library in two dimensions by likeness. It is laid out in the background once somebody asks for it, kept in
 * `map.db`, and brought up to date when it is asked for again; a layout that was broken off goes on.
 */
export class LibraryMap {
  readonly #library: Library
  #opened: MapFile | null = null
  #pool: Piscina<MapTask, Float32Array> | null = null
  #running: Promise<void> | null = null
  readonly #stopping = new AbortController()
  #isStale = true
  #checkedAt = 0
  #revision = 0
  #phase: MapState['phase'] = 'laying_out'
  #detail: string | null = null

  constructor(library: Library) {
    this.#library = library
  }

  /** Pictures may have been added, changed or deleted. */
  note(): void {
    this.#isStale = true
  }

  /** Places in the order of ids, `limit` at most, behind the id `cursor`. */
  async page(cursor: string, limit: number): Promise<MapPage> {
    this.#bringUpToDate()
    const layout = this.#shown()
    const places = layout ? this.#file.page(layout.layout, cursor, limit) : []
    return {
      ...(await this.state()),
      places,
      nextCursor: places.length === limit ? places.at(-1)!.id : null,
    }
  }

  async state(): Promise<MapState> {
    const layout = this.#shown()
    const { phase, detail } = { phase: this.#phase, detail: this.#detail }
    return {
      version: `${layout?.layout ?? 0}-${this.#started}-${this.#revision}`,
      phase,
      placed: layout ? this.#file.count(layout.layout) : 0,
      images: await this.#library.store.count(),
      detail,
    }
  }

  async close(): Promise<void> {
    this.#stopping.abort(new Error('the server stops'))
    await this.#pool?.destroy()
    await this.#running
    this.#opened?.close()
    this.#opened = null
  }

  readonly #started = Date.now().toString(36)

  get #file(): MapFile {
    this.#opened ??= new MapFile(this.#library.dataDir)
    return this.#opened
  }

  /** The last layout that is complete, else the one that is being made. */
  #shown(): Layout | undefined {
    const mine = this.#mine()
    return mine.findLast(({ isComplete }) => isComplete) ?? mine.at(-1)
  }

  #mine(): Layout[] {
    const embedderId = this.#library.embedderId()
    return this.#file.layouts().filter((layout) => layout.embedderId === embedderId)
  }

  #bringUpToDate(): void {
    const isOld = this.#library.store.shared && Date.now() - this.#checkedAt > freshMs
    if (this.#running || this.#stopping.signal.aborted || !(this.#isStale || isOld)) return
    this.#isStale = false
    this.#checkedAt = Date.now()
    this.#phase = this.#shown() ? 'placing' : 'laying_out'
    this.#running = this.#update(this.#stopping.signal)
      .then(
        () => {
          this.#phase = 'ready'
          this.#detail = null
        },
        (error: unknown) => {
          this.#isStale = true
          this.#phase = 'failed'
          this.#detail =
            error instanceof LookalikeError
              ? error.message
              : `The map could not be laid out: ${(error as Error).message}`
        },
      )
      .finally(() => (this.#running = null))
  }

  async #update(signal: AbortSignal): Promise<void> {
    const { store } = this.#library
    const images = await store.count()
    const last = this.#mine().at(-1)
    const isOutgrown = last !== undefined && hasOutgrown(images, last.images)
    const layout = last && !isOutgrown ? last.layout : await this.#layOut(images, signal)
    if (layout === null) return
    this.#phase = 'placing'
    const landmarks = this.#file.landmarks(layout)
    await this.#placeAll(layout, landmarks, signal)
    if (!last?.isComplete || isOutgrown) this.#file.complete(layout)
    this.#revision++
  }

  /** Null for a library without pictures. */
  async #layOut(images: number, signal: AbortSignal): Promise<number | null> {
    this.#phase = 'laying_out'
    const sample = await this.#library.store.sample(maxLandmarks)
    signal.throwIfAborted()
    if (sample.length === 0) return null
    const vectors = matrixOf(sample)
    const places = await this.#run({ vectors }, signal)
    return this.#file.begin(this.#library.embedderId(), images, { ...vectors, places })
  }

  /** Gives a place to each picture that has none or another file than was placed; takes those of the deleted. */
  async #placeAll(layout: number, landmarks: Landmarks, signal: AbortSignal): Promise<void> {
    const { store } = this.#library
    const known = new Map<string, string>()
    for (let after = ''; ; await yieldToOthers(signal)) {
      const places = this.#file.page(layout, after, outlinePage)
      for (const { id, file } of places) known.set(id, file)
      if (places.length < outlinePage) break
      after = places.at(-1)!.id
    }
    let cursor: string | undefined
    do {
      const from = cursor === undefined ? {} : { cursor }
      const page = await store.outline({ limit: outlinePage, ...from })
      const wanted = page.outlines.filter(({ id, file }) => known.get(id) !== fileKey(file))
      for (const { id } of page.outlines) known.delete(id)
      for (let at = 0; at < wanted.length; at += batch) {
        const ids = wanted.slice(at, at + batch).map(({ id }) => id)
        await this.#place(layout, landmarks, ids, signal)
      }
      cursor = page.nextCursor ?? undefined
      await yieldToOthers(signal)
    } while (cursor !== undefined)
    const gone = [...known.keys()]
    for (let at = 0; at < gone.length; at += batch) {
      this.#file.remove(layout, gone.slice(at, at + batch))
      this.#revision++
      await yieldToOthers(signal)
    }
  }

  async #place(layout: number, landmarks: Landmarks, ids: string[], signal: AbortSignal) {
    const records = await this.#library.store.getWithVectors(ids)
    if (records.length === 0) return
    const vectors = matrixOf(records.map(({ vector }) => vector))
    const found = await this.#run({ vectors, landmarks }, signal)
    const places = records.map(({ id, file }, at) => ({
      id,
      file: fileKey(file),
      x: Math.round(found[at * 2]!),
      y: Math.round(found[at * 2 + 1]!),
    }))
    this.#file.put(layout, places)
    this.#revision++
  }

  #run(task: MapTask, signal: AbortSignal): Promise<Float32Array> {
    this.#pool ??= new Piscina<MapTask, Float32Array>({
      filename: fileURLToPath(new URL('./worker.ts', import.meta.url)),
      minThreads: 0,
      maxThreads: 1,
      idleTimeout: 10_000,
    })
    return this.#pool.run(task, { signal })
  }
}

/** A sample stands for more of the same; where all pictures were landmarks, a few new kinds have no place yet. */
function hasOutgrown(images: number, before: number): boolean {
  return before < maxLandmarks ? images > 1.25 * before + 4 : images > 4 * before
}

function fileKey(file: FileFacts | null): string {
  return file && !file.missing ? file.sha256.slice(0, 16) : ''
}

/** Shared with the thread rather than copied to it. */
function matrixOf(vectors: readonly Float32Array[]): Matrix {
  const dimensions = vectors[0]!.length
  const values = new Float32Array(new SharedArrayBuffer(vectors.length * dimensions * 4))
  vectors.forEach((vector, at) => values.set(vector, at * dimensions))
  return { values, dimensions }
}
