import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { loadConfig } from '../../server/src/config.ts'
import { openGraph } from '../../server/src/graph/registry.ts'
import { openLibraryGraph } from '../../server/src/library/graph/open.ts'
import { openGenerations } from '../../server/src/stores/registry.ts'
import { candidatesOf } from '../../server/src/library/graph/candidates.ts'
import type { LibraryDeps } from '../../server/src/library/deps.ts'
import { dimensions, peopleOf, recordAt, recordsOf } from './library.ts'

const library = { embedderId: 'bench:random@64', dimensions }
const schema = 'PREFIX schema: <https://schema.org/>'
const table = 'application/sparql-results+json'

const queries = {
  'count by category': `${schema} SELECT ?c (COUNT(*) AS ?n) { ?i schema:category ?c } GROUP BY ?c`,
  'one image, all of it': 'SELECT ?p ?o { <http://bench.example/4242.jpg> ?p ?o }',
  'by an illustrator born before 1900, first 100': `${schema} SELECT ?image {
    ?person schema:birthDate ?born FILTER(?born < 1900) . ?image schema:illustrator ?person } LIMIT 100`,
}
const candidates = {
  '1 %': `${schema} SELECT ?image { ?image schema:illustrator <http://bench.example/person/1> }`,
  '10 %': `${schema} SELECT ?image { ?image schema:category "category 3" }`,
  '100 %': `${schema} SELECT ?image { ?image a schema:ImageObject }`,
}

/** `npm run bench -- graph [images]`: the embedded graph at 100,000 images, or as many as asked. */
export async function main([given = '100000']: string[]): Promise<void> {
  const images = Number(given)
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-bench-'))
  const config = loadConfig({ DATA_DIR: folder, GRAPH_TIMEOUT_MS: '300000' })
  try {
    const first = await open(config)
    await timed(`index and describe ${images} images`, async () => {
      for (const records of recordsOf(images)) await first.store.upsert(records)
    })
    await first.graph.update(peopleOf())
    await timed('an illustrator for every image, one update per 5,000', () =>
      attribute(first.graph, images),
    )
    await first.store.close()

    const rss = process.memoryUsage().rss
    const second = await timed('open store and graph', () => open(config))
    await timed('first question (the engine loads)', () =>
      ask(second, queries['one image, all of it']),
    )
    console.log(
      `memory: ${Math.round((process.memoryUsage().rss - rss) / 1e6)} MB more than before`,
    )
    const count = await second.graph.query({
      text: 'SELECT (COUNT(*) AS ?n) { ?s ?p ?o }',
      format: 'text/csv',
    })
    console.log(`statements: ${count.split(/\r?\n/)[1]}`)

    for (const [name, query] of Object.entries(queries))
      await repeated(name, () => ask(second, query))
    const vector = recordAt(7).vector
    await repeated('search, no graph', () => second.store.search({ vector, limit: 10 }))
    const deps = second as unknown as LibraryDeps
    for (const [share, sparql] of Object.entries(candidates)) {
      await repeated(`search among ${share} of the images`, async () => {
        const filter = await candidatesOf(deps, sparql)
        await second.store.search({ vector, limit: 10, filter })
      })
    }
    await second.store.close()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

type Opened = Awaited<ReturnType<typeof open>>

async function open(config: ReturnType<typeof loadConfig>) {
  const graph = await openGraph(config, config.DATA_DIR)
  const opened = openLibraryGraph(
    graph,
    await (await openGenerations(config, config.DATA_DIR)).open(library),
    {
      dataDir: config.DATA_DIR,
      publicUrl: 'http://127.0.0.1:8000',
      properties: config.GRAPH_PROPERTIES,
    },
  )
  return { graph, ...opened }
}

function ask({ graph }: Opened, text: string): Promise<string> {
  return graph.query({ text, format: table })
}

async function attribute(graph: Opened['graph'], images: number): Promise<void> {
  for (let from = 0; from < images; from += 5000) {
    const lines = Array.from({ length: Math.min(5000, images - from) }, (_, n) => {
      const image = `<http://bench.example/${from + n}.jpg>`
      return `${image} <https://schema.org/illustrator> <http://bench.example/person/${(from + n) % 100}> .`
    })
    await graph.add(lines.join('\n'), 'application/n-triples')
  }
}

async function timed<T>(name: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now()
  const result = await work()
  console.log(`${name}: ${((performance.now() - began) / 1000).toFixed(2)} s`)
  return result
}

/** Five times over; the median, for the first pays for caches and a loaded machine for the last. */
async function repeated(name: string, work: () => Promise<unknown>): Promise<void> {
  const times: number[] = []
  for (let round = 0; round < 5; round++) {
    const began = performance.now()
    await work()
    times.push(performance.now() - began)
  }
  console.log(`${name}: ${times.toSorted((a, b) => a - b)[2]!.toFixed(1)} ms`)
}
