import { availableParallelism } from 'node:os'
import type { FilterKey, Item } from './dataset.ts'

/** Graph settings every HNSW engine is given, so that equal work is compared. */
export const graph = { m: 24, efConstruction: 200, ef: 128 }

/** As many as the embedded store builds with: one core stays free for answering. */
export const buildThreads = Math.max(1, availableParallelism() - 1)

/** One thing to measure, over a library of its own in an empty folder. */
export interface Engine {
  insert(items: Item[]): Promise<void>
  /** Waits until everything inserted is where searches are fastest. */
  optimise(): Promise<void>
  /** Indexes of the nearest items, best first. */
  search(vector: Float32Array, count: number): Promise<number[]>
  /** The same among items whose attribute `key` is 0; absent when the engine has no filters. */
  searchFiltered?(vector: Float32Array, count: number, key: FilterKey): Promise<number[]>
  /** What only a store has: how it answers while it takes in more. */
  health?(): Promise<string>
  close(): Promise<void>
}

export type OpenEngine = (folder: string, dimensions: number) => Promise<Engine>

/** A rival that is not installed here; the report says so and goes on. */
export class Absent extends Error {}

/** Loads a package of bench/package.json, whose types the application does not install. */
export async function loadRival<T>(name: string): Promise<T> {
  try {
    return (await import(name)) as T
  } catch (error) {
    throw new Absent(`${name} is not installed: npm run bench:rivals (${String(error)})`)
  }
}
