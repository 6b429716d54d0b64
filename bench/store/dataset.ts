import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readSync } from 'node:fs'
import { renameSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { dot } from '../../server/src/records/vectors.ts'
import { kinds, type KindName } from './kinds.ts'

export const neighbours = 10
const queryCount = 100

/** How many values each metadata key has: a filter on one lets through about 1 in that many. */
export const selectivities = { half: 2, twentieth: 20, thousandth: 1000 } as const
export type FilterKey = keyof typeof selectivities
const keys = Object.keys(selectivities) as FilterKey[]

export interface Item {
  readonly index: number
  readonly vector: Float32Array
}

/** A query's vector, and the indexes of its true neighbours, best first: all, and per filter. */
export interface Query {
  readonly vector: Float32Array
  readonly all: number[]
  readonly filtered: Record<FilterKey, number[]>
}

/** The value of a metadata key for the item at `index`; every query asks for the value 0. */
export function attribute(index: number, key: FilterKey): number {
  // Scattered by a hash, so that the values have nothing to do with the clusters.
  const scattered = Math.imul(index ^ (index >>> 15), 0x9e3779b1) >>> 0
  return (scattered >>> 4) % selectivities[key]
}

/** Unit vectors of one kind, and queries. Made once per size and kept in `folder`; the same on every machine. */
export class Dataset {
  readonly size: number
  readonly dimensions: number
  readonly #folder: string
  readonly #kind: KindName

  private constructor(size: number, folder: string, kind: KindName) {
    this.size = size
    this.dimensions = kinds[kind].dimensions
    this.#folder = folder
    this.#kind = kind
  }

  static open(size: number, folder: string, kind: KindName = 'clustered'): Dataset {
    const dataset = new Dataset(size, folder, kind)
    mkdirSync(folder, { recursive: true })
    if (!existsSync(dataset.#path('vectors'))) dataset.#makeVectors()
    if (!existsSync(dataset.#path('queries'))) dataset.#makeQueries()
    return dataset
  }

  /** In runs of at most `count`, read from disk as they are asked for. */
  *batches(count: number): Generator<Item[]> {
    const file = openSync(this.#path('vectors'), 'r')
    try {
      for (let at = 0; at < this.size; at += count) {
        const length = Math.min(count, this.size - at)
        const { dimensions } = this
        const values = new Float32Array(length * dimensions)
        readSync(file, values, 0, values.byteLength, at * dimensions * 4)
        yield Array.from({ length }, (_, index) => ({
          index: at + index,
          vector: values.slice(index * dimensions, (index + 1) * dimensions),
        }))
      }
    } finally {
      closeSync(file)
    }
  }

  queries(): Query[] {
    const kept = JSON.parse(readFileSync(this.#path('queries'), 'utf8')) as Omit<Query, 'vector'>[]
    const draw = this.#draw(2)
    return kept.map((query) => ({ ...query, vector: draw() }))
  }

  #makeVectors(): void {
    const draw = this.#draw(1)
    const path = this.#path('vectors')
    const file = openSync(`${path}.part`, 'w')
    for (let index = 0; index < this.size; index++) writeSync(file, draw())
    closeSync(file)
    renameSync(`${path}.part`, path)
  }

  #makeQueries(): void {
    const draw = this.#draw(2)
    const lists = Array.from({ length: queryCount }, () => new NearestLists(draw()))
    for (const batch of this.batches(1000)) {
      const passing = batch.map(({ index }) => keys.filter((key) => attribute(index, key) === 0))
      for (const list of lists) {
        batch.forEach((item, at) => list.offer(item, passing[at]!))
      }
    }
    writeFileSync(this.#path('queries'), JSON.stringify(lists.map((list) => list.result())))
  }

  #draw(seed: number): () => Float32Array {
    return kinds[this.#kind].draw(this.size, seed, this.#folder)
  }

  #path(what: string): string {
    const kind = this.#kind === 'clustered' ? '' : `${this.#kind}-`
    return join(this.#folder, `${what}-${kind}${this.size}`)
  }
}

/** The true neighbours of one vector, by comparing it with everything. */
class NearestLists {
  readonly #vector: Float32Array
  readonly #all = new Nearest()
  readonly #filtered = { half: new Nearest(), twentieth: new Nearest(), thousandth: new Nearest() }

  constructor(vector: Float32Array) {
    this.#vector = vector
  }

  offer({ index, vector }: Item, passing: FilterKey[]): void {
    const score = dot(this.#vector, vector)
    this.#all.offer(index, score)
    for (const key of passing) this.#filtered[key].offer(index, score)
  }

  result(): Omit<Query, 'vector'> {
    const { half, twentieth, thousandth } = this.#filtered
    return {
      all: this.#all.indexes(),
      filtered: {
        half: half.indexes(),
        twentieth: twentieth.indexes(),
        thousandth: thousandth.indexes(),
      },
    }
  }
}

class Nearest {
  #best: { index: number; score: number }[] = []

  offer(index: number, score: number): void {
    const worst = this.#best.at(-1)
    if (worst && this.#best.length >= neighbours && score <= worst.score) return
    this.#best.push({ index, score })
    this.#best = this.#best.sort((a, b) => b.score - a.score).slice(0, neighbours)
  }

  indexes(): number[] {
    return this.#best.map(({ index }) => index)
  }
}
