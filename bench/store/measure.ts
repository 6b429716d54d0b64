import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { Dataset, neighbours, type FilterKey, type Query } from './dataset.ts'
import { Absent, type Engine } from './engine.ts'
import { engines } from './engines/index.ts'
import type { KindName } from './kinds.ts'

const insertBatch = 500
const warmUp = 20
/** A slow engine is asked for this long at most, though never less than 20 times. */
const maxMs = 20_000
/** The share of the library that comes in again while searches are timed, and how fast. */
const importShare = 0.1
const maxImported = 10_000
const importBatch = 10
const importPauseMs = 50

export interface Latency {
  readonly p50: number
  readonly p99: number
  /** Share of the true neighbours that were found, 0 to 1. */
  readonly recall: number
}

export interface Measured {
  readonly insertsPerSecond: number
  readonly optimiseSeconds: number
  readonly search: Latency
  readonly filtered: Partial<Record<FilterKey, Latency>>
  readonly underLoad?: { readonly p50: number; readonly p99: number; readonly worstStallMs: number }
  /** Opening the finished library, and its first answer, counted from the start. */
  readonly reopen?: { readonly openMs: number; readonly firstAnswerMs: number }
  readonly diskMegabytes: number
  readonly peakMegabytes: number
}

/** Fills one engine and measures it; runs in a process of its own, so that memory is its own. */
async function measure(
  name: string,
  size: number,
  { dataFolder, kind }: { dataFolder: string; kind: KindName },
): Promise<Measured> {
  const dataset = Dataset.open(size, dataFolder, kind)
  const queries = dataset.queries()
  const folder = await mkdtemp(join(dataFolder, 'engine-'))
  const open = (path: string) => engines[name]!(path, dataset.dimensions)
  try {
    let engine = await open(folder)
    const insertSeconds = await seconds(async () => {
      for (const items of dataset.batches(insertBatch)) await engine.insert(items)
    })
    const optimiseSeconds = await seconds(() => engine.optimise())
    const search = await latency(queries, ({ vector }) => engine.search(vector, neighbours), 'all')
    const filtered = await measureFilters(engine, queries)
    await engine.close()
    const diskMegabytes = (await bytesIn(folder)) / 1e6
    let more = {}
    if (engine.health) {
      const started = performance.now()
      engine = await open(folder)
      const openMs = performance.now() - started
      await engine.search(queries[0]!.vector, neighbours)
      more = { reopen: { openMs, firstAnswerMs: performance.now() - started } }
      await engine.optimise()
      more = { ...more, underLoad: await measureUnderLoad(engine, dataset, queries) }
      await engine.close()
    }
    return {
      insertsPerSecond: size / insertSeconds,
      optimiseSeconds,
      search,
      filtered,
      ...more,
      diskMegabytes,
      peakMegabytes: process.resourceUsage().maxRSS / 1024,
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function measureFilters(engine: Engine, queries: Query[]): Promise<Measured['filtered']> {
  const filtered: Partial<Record<FilterKey, Latency>> = {}
  if (!engine.searchFiltered) return filtered
  for (const key of ['half', 'twentieth', 'thousandth'] as const) {
    const run = ({ vector }: Query) => engine.searchFiltered!(vector, neighbours, key)
    filtered[key] = await latency(queries, run, key)
  }
  return filtered
}

async function latency(
  queries: Query[],
  run: (query: Query) => Promise<number[]>,
  truth: 'all' | FilterKey,
): Promise<Latency> {
  for (const query of queries.slice(0, warmUp)) await run(query)
  const times: number[] = []
  let found = 0
  let expected = 0
  const end = performance.now() + maxMs
  for (let at = 0; at < 4 * queries.length; at++) {
    if (at >= 20 && performance.now() > end) break
    const query = queries[at % queries.length]!
    const started = performance.now()
    const answer = new Set(await run(query))
    times.push(performance.now() - started)
    const neighbours = truth === 'all' ? query.all : query.filtered[truth]
    found += neighbours.filter((index) => answer.has(index)).length
    expected += neighbours.length
  }
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99), recall: found / expected }
}

/**
 * Search latency while a tenth of the library (10,000 at most) is indexed again, at up to 200 a second, and
 * the graph takes it in: each leaves its place there until then.
 */
async function measureUnderLoad(engine: Engine, dataset: Dataset, queries: Query[]) {
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  let done = false
  const load = (async () => {
    let left = Math.min(maxImported, Math.ceil(dataset.size * importShare))
    for (const items of dataset.batches(importBatch)) {
      if ((left -= items.length) < 0) break
      await engine.insert(items)
      await setTimeout(importPauseMs)
    }
    await engine.optimise()
  })().finally(() => (done = true))
  const times: number[] = []
  for (let at = 0; !done; at++) {
    const started = performance.now()
    await engine.search(queries[at % queries.length]!.vector, neighbours)
    times.push(performance.now() - started)
    await setTimeout(5)
  }
  await load
  delay.disable()
  return { p50: quantile(times, 0.5), p99: quantile(times, 0.99), worstStallMs: delay.max / 1e6 }
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const started = performance.now()
  await work()
  return (performance.now() - started) / 1000
}

function quantile(values: number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const sizes = await Promise.all(
    files.map(({ parentPath, name }) => stat(join(parentPath, name)).then(({ size }) => size)),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

const [name, size, dataFolder, kind] = process.argv.slice(2) as [string, string, string, KindName]
try {
  process.send!(await measure(name, Number(size), { dataFolder, kind }))
} catch (error) {
  if (!(error instanceof Absent)) throw error
  process.send!({ absent: error.message })
}
