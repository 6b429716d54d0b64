import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { IndexResponse } from '@lookalike/sdk'
import { expect, test } from 'vitest'
import { randomNumbers } from '../support/crash-operations.ts'
import { jpeg } from '../support/pictures.ts'
import { startProcess } from '../support/process.ts'
import { form } from '../support/server.ts'

/** `npm run test:soak`: ten minutes unless SOAK_MINUTES says otherwise. */
const minutes = Number(process.env['SOAK_MINUTES'] ?? 0)
const clients = Number(process.env['SOAK_CLIENTS'] ?? 6)
/** The library is kept about so large, so that memory that grows is a leak and no library. */
const images = 500
const sampleMs = 5_000
/** Of the first half memory still finds its size: caches, the heap, what libraries keep. */
const settledShare = 0.5

interface Sample {
  readonly minute: number
  readonly megabytes: number
}

test.skipIf(minutes === 0)(
  `${minutes} minutes of mixed load leave no memory, descriptor or file behind`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lookalike-soak-'))
    const server = await startProcess({ DATA_DIR: folder, LOG_LEVEL: 'error' }, folder)
    const url = server.url!
    try {
      const load = new MixedLoad(url)
      await load.fill()
      await setTimeout(10_000)
      const before = await figures(url)
      const samples: Sample[] = []
      const start = performance.now()
      const end = start + minutes * 60_000
      const working = Array.from({ length: clients }, (_, n) => load.work(n, end))
      for (; performance.now() < end; await setTimeout(sampleMs)) {
        samples.push({
          minute: (performance.now() - start) / 60_000,
          megabytes: (await figures(url)).megabytes,
        })
      }
      await Promise.all(working)
      // Connections that are kept, and what is written when nothing else happens.
      await setTimeout(30_000)
      const after = await figures(url)
      const slope = megabytesPerMinute(samples.slice(samples.length * settledShare))
      report({ load, before, after, slope, samples })
      expect(load.faults.slice(0, 3)).toEqual([])
      expect(await readdir(join(folder, 'uploads'))).toEqual([])
      expect(after.descriptors - before.descriptors).toBeLessThan(20)
      expect(await server.kill('SIGTERM')).toBe(0)
    } finally {
      await server.kill('SIGKILL')
      await rm(folder, { recursive: true, force: true })
    }
  },
  minutes * 60_000 + 300_000,
)

/** What people and programs do, by chance that follows from a seed. */
class MixedLoad {
  readonly times = new Map<string, number[]>()
  readonly statuses = new Map<number, number>()
  readonly faults: string[] = []
  readonly #url: string
  readonly #ids: string[] = []
  #seed = 0

  constructor(url: string) {
    this.#url = url
  }

  async fill(): Promise<void> {
    while (this.#ids.length < images) await this.#add()
    this.times.clear()
    this.statuses.clear()
  }

  async work(number: number, end: number): Promise<void> {
    const random = randomNumbers(number + 1)
    while (performance.now() < end) await this.#one(random)
  }

  async #one(random: () => number): Promise<void> {
    const id = this.#ids[Math.floor(random() * this.#ids.length)]!
    const json = { 'content-type': 'application/json' }
    const kind = random()
    if (kind < 0.2) return this.#search('search, indexed', Math.floor(random() * this.#seed))
    if (kind < 0.35) return this.#search('search, new', this.#seed++)
    if (kind < 0.5) return void (await this.#call('thumbnail', `/api/images/${id}/thumbnail`))
    if (kind < 0.6) return void (await this.#call('similar', `/api/images/${id}/similar`))
    if (kind < 0.7) {
      const filter = encodeURIComponent(
        JSON.stringify({ must: [{ key: 'n', range: { gte: 10 } }] }),
      )
      return void (await this.#call('list', `/api/images?limit=20&filter=${filter}`))
    }
    if (kind < 0.75) {
      const body = JSON.stringify({ query: 'dog' })
      return void (await this.#call('search, text', '/api/images/search-text', { method: 'POST', headers: json, body })) // prettier-ignore
    }
    if (kind < 0.8) {
      const body = JSON.stringify({ metadata: { n: Math.floor(random() * 100) } })
      return void (await this.#call('change', `/api/images/${id}`, { method: 'PATCH', headers: json, body })) // prettier-ignore
    }
    if (kind < 0.85) {
      const query = encodeURIComponent('SELECT (COUNT(*) AS ?n) { ?image ?p ?o }')
      return void (await this.#call('sparql', `/api/kg/sparql?query=${query}`))
    }
    if (kind < 0.86) {
      return void (await this.#call('refused', '/api/images/index', { method: 'POST', body: form(Buffer.from('no image')) })) // prettier-ignore
    }
    if (kind < 0.861) return void (await this.#call('snapshot', '/api/snapshots', { method: 'POST' })) // prettier-ignore
    await this.#add()
    if (this.#ids.length > images) {
      const [gone] = this.#ids.splice(Math.floor(random() * this.#ids.length), 1)
      await this.#call('delete', `/api/images/${gone}`, { method: 'DELETE' })
    }
  }

  async #search(kind: string, seed: number): Promise<void> {
    await this.#call(kind, '/api/images/search-similar', { method: 'POST', body: form(await jpeg(seed)) }) // prettier-ignore
  }

  async #add(): Promise<void> {
    const seed = this.#seed++
    const fields = { metadata: JSON.stringify({ n: seed % 100 }) }
    const text = await this.#call('index', '/api/images/index', { method: 'POST', body: form(await jpeg(seed), fields) }) // prettier-ignore
    if (text) this.#ids.push((JSON.parse(text) as IndexResponse).id)
  }

  /** The body of a good answer. */
  async #call(kind: string, path: string, init: RequestInit = {}): Promise<string | null> {
    const start = performance.now()
    const answer = await fetch(this.#url + path, init)
    const body = Buffer.from(await answer.arrayBuffer())
    const { status } = answer
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1)
    const times = this.times.get(kind) ?? []
    this.times.set(kind, times)
    times.push(performance.now() - start)
    // Another client may have deleted it meanwhile; and too much is refused, to be sent again.
    const isExpected = answer.ok || status === 404 || status === 503 || kind === 'refused'
    if (!isExpected) this.faults.push(`${kind}: ${status} ${body.toString().slice(0, 200)}`)
    return answer.ok ? body.toString() : null
  }
}

/** As the server says it of itself. */
async function figures(url: string) {
  const text = await (await fetch(`${url}/metrics`)).text()
  const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
  return {
    megabytes: value('process_resident_memory_bytes') / 1e6,
    heap: value('nodejs_heap_size_used_bytes') / 1e6,
    descriptors: value('process_open_fds'),
  }
}

/** Least squares. */
function megabytesPerMinute(samples: readonly Sample[]): number {
  const mean = (pick: (sample: Sample) => number) =>
    samples.reduce((sum, each) => sum + pick(each), 0) / samples.length
  const x = mean(({ minute }) => minute)
  const y = mean(({ megabytes }) => megabytes)
  const over = samples.reduce((sum, s) => sum + (s.minute - x) * (s.megabytes - y), 0)
  return over / samples.reduce((sum, { minute }) => sum + (minute - x) ** 2, 0)
}

type Figures = Awaited<ReturnType<typeof figures>>

function report(run: {
  load: MixedLoad
  before: Figures
  after: Figures
  slope: number
  samples: Sample[]
}): void {
  // prettier-ignore
  const { load, before, after, slope, samples } = run
  const rows = [...load.times]
    .toSorted(([a], [b]) => a.localeCompare(b))
    .map(([kind, times]) => {
      const sorted = times.toSorted((a, b) => a - b)
      const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!.toFixed(1) // prettier-ignore
      return `${kind.padEnd(16)} ${String(times.length).padStart(7)} ${[0.5, 0.95, 0.99, 1].map((share) => at(share).padStart(9)).join('')}` // prettier-ignore
    })
  const peak = Math.max(...samples.map(({ megabytes }) => megabytes))
  const lines = [
    `kind                calls   p50 ms   p95 ms   p99 ms   max ms`,
    ...rows,
    `statuses: ${[...load.statuses].toSorted(([a], [b]) => a - b).map(([status, n]) => `${n} of ${status}`).join(', ')}`, // prettier-ignore
    `memory: ${before.megabytes.toFixed(0)} MB before, ${peak.toFixed(0)} at most, ${after.megabytes.toFixed(0)} after; ` +
      `${slope.toFixed(2)} MB a minute in the second half`,
    `descriptors: ${before.descriptors} before, ${after.descriptors} after`,
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}
