import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startServer, untilSettled } from '../server.ts'
import { deleteCollection, qdrantAt } from '../store/engines/qdrant-rest.ts'
import { fill } from './fill.ts'
import { operationsOn, type Operation } from './operations.ts'

const warmUp = 5
const rounds = 200
/** A slow request is repeated for this long at most, though never less than five times. */
const maxMs = 10_000
const minRounds = 5
/** What each request should stay below at 100,000 records, p50, in ms. */
const goal = 50

/**
 * `npm run bench -- library [--images 100000] [--only list] [--json file]`: what the library's requests
 * take over HTTP, one after the other, on the embedded store, and where TEST_QDRANT_URL leads somewhere on
 * Qdrant beside it. The records have no files. The server
 * runs with its defaults; `GRAPH` in the environment is passed on.
 */
export async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      images: { type: 'string', default: '100000' },
      only: { type: 'string', default: '' },
      json: { type: 'string' },
    },
  })
  const images = Number(values.images)
  const reports = []
  for (const [store, settings] of Object.entries(stores())) {
    console.error(`The ${store} store`)
    reports.push(await measureStore(store, settings, images, values.only))
    if (values.json) writeFileSync(values.json, JSON.stringify(reports, null, 2))
  }
  console.log(reports.map(markdown).join('\n\n'))
}

type Settings = Record<string, string>

/** The settings of each store that is measured. */
function stores(): Record<string, Settings> {
  const { TEST_QDRANT_URL: url, TEST_QDRANT_API_KEY: key } = process.env
  if (!url) return { embedded: {} }
  const collection = `lookalike-bench-${randomUUID()}`
  const qdrant = {
    QDRANT_URL: url,
    QDRANT_COLLECTION: collection,
    ...(key && { QDRANT_API_KEY: key }),
  }
  return { embedded: { STORE: 'embedded' }, qdrant: qdrant }
}

async function measureStore(
  store: string,
  ofStore: Settings,
  images: number,
  only: string,
): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-bench-'))
  const { GRAPH = 'embedded' } = process.env
  const settings = { EMBEDDER: 'visual', LOG_LEVEL: 'warn', PORT: '0', GRAPH, ...ofStore }
  try {
    const insertsPerSecond = await fill({ ...settings, DATA_DIR: folder }, images)
    const server = await startServer(folder, settings)
    try {
      await untilSettled(server.url)
      const operations = await operationsOn(server.url, images)
      const measured = []
      for (const operation of operations.filter(({ name }) => name.startsWith(only))) {
        measured.push(await measure(operation))
      }
      const machine = `${cpus().length} cores of ${cpus()[0]!.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB`
      const memory = server.memory.at(-1)!
      return { machine, store, images, graph: GRAPH, insertsPerSecond, memory, measured }
    } finally {
      await server.stop()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
    if (ofStore['QDRANT_URL']) await deleteCollection(qdrantAt(), ofStore['QDRANT_COLLECTION']!)
  }
}

type Measured = Awaited<ReturnType<typeof measure>>

async function measure({ name, request }: Operation) {
  console.error(name)
  const times: number[] = []
  const end = performance.now() + maxMs
  for (let round = 0; round < warmUp + rounds; round++) {
    if (round >= minRounds && performance.now() > end) break
    const asked = await request(round)
    const started = performance.now()
    const answer = await fetch(asked)
    const text = await answer.text()
    times.push(performance.now() - started)
    if (!answer.ok) throw new Error(`${name}: ${text}`)
  }
  const kept = times.slice(Math.min(warmUp, times.length - minRounds)).toSorted((a, b) => a - b)
  const quantile = (share: number) => kept[Math.min(kept.length - 1, Math.floor(share * kept.length))]! // prettier-ignore
  return { name, rounds: kept.length, p50: quantile(0.5), p99: quantile(0.99), most: kept.at(-1)! }
}

interface Report {
  machine: string
  store: string
  images: number
  graph: string
  insertsPerSecond: number
  memory: number
  measured: Measured[]
}

function markdown({
  machine,
  store,
  images,
  graph,
  insertsPerSecond,
  memory,
  measured,
}: Report): string {
  const ms = (value: number) => value.toFixed(value < 10 ? 2 : 0)
  const rows = measured.map(({ name, rounds, p50, p99, most }) => {
    const verdict = p50 < goal ? '' : `over ${goal} ms`
    return `| ${name} | ${ms(p50)} | ${ms(p99)} | ${ms(most)} | ${rounds} | ${verdict} |`
  })
  return [
    `${images.toLocaleString('en')} records over HTTP, store ${store}, graph ${graph}, on ${machine}, Node ${process.version}. ` +
      `Filled with ${insertsPerSecond.toFixed(0)} records a second; the server ends with ${memory.toFixed(0)} MB.`,
    '',
    '| request | p50 ms | p99 ms | longest ms | times | |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}
