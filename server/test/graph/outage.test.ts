import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Health } from '@lookalike/sdk'
import oxigraph from 'oxigraph'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { recordId } from '../../src/records/record-id.ts'
import { startSparqlEndpoint } from '../fakes/sparql-endpoint.ts'
import { jpeg } from '../support/pictures.ts'
import { getJson, sendJson, startServer, type TestServer } from '../support/server.ts'

let folder: string
const servers: TestServer[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
})
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
  await rm(folder, { recursive: true, force: true })
})

async function start(env: Record<string, string>, data = 'data') {
  const server = await startServer({ DATA_DIR: join(folder, data), ...env })
  servers.push(server)
  return server
}

/** Stops a server and leaves its data where they are. */
async function shutDown(server: TestServer) {
  servers.splice(servers.indexOf(server), 1)
  await server.services.deps.store.close()
  await server.stop()
}

const graphCheck = async (server: TestServer) =>
  ((await (await fetch(`${server.url}/api/health`)).json()) as Health).checks.graph!
const inStep = (server: TestServer) =>
  vi.waitFor(async () => expect((await graphCheck(server)).status).toBe('ok'), {
    timeout: 20_000,
    interval: 50,
  })
const names = (server: TestServer) =>
  column(
    server,
    'SELECT ?n { ?i a <https://schema.org/ImageObject> ; <https://schema.org/name> ?n } ORDER BY ?n',
  )
async function column(server: TestServer, query: string) {
  const response = await fetch(`${server.url}/api/kg/sparql?query=${encodeURIComponent(query)}`, {
    headers: { accept: 'text/csv' },
  })
  return (await response.text()).trim().split(/\r?\n/).slice(1)
}
const index = async (server: TestServer, seed: number) =>
  server.index(await jpeg(seed, 64, 64), { image_uri: `http://example.org/${seed}` })

test('while the endpoint is down the library works, and what was missed is caught up', async () => {
  const endpoint = await startSparqlEndpoint()
  const server = await start({ GRAPH: 'sparql', SPARQL_ENDPOINT: endpoint.url })
  const first = await index(server, 1)
  expect(await names(server)).toEqual(['1'])

  await endpoint.stop()
  const second = await index(server, 2)
  expect(second.status).toBe(201)
  await fetch(`${server.url}/api/images/${first.body.id}`, { method: 'DELETE' })
  expect((await server.search(await jpeg(2, 64, 64))).body.results).toHaveLength(1)
  const check = await graphCheck(server)
  expect([check.status, check.detail]).toEqual([
    'unavailable',
    expect.stringMatching(/^2 images are yet.+cannot be reached/),
  ])
  const asked = await fetch(`${server.url}/api/kg/sparql?query=ASK%7B%7D`)
  expect([asked.status, asked.headers.get('retry-after')]).toEqual([503, '5'])

  const back = await startSparqlEndpoint(endpoint.port, endpoint.store)
  await inStep(server)
  expect(await names(server)).toEqual(['2'])
  await back.stop()
}, 60_000)

test('what was missed before a restart is caught up after it', async () => {
  const endpoint = await startSparqlEndpoint()
  await endpoint.stop()
  const env = { GRAPH: 'sparql', SPARQL_ENDPOINT: endpoint.url }
  const before = await start(env)
  await index(before, 1)
  await shutDown(before)
  const back = await startSparqlEndpoint(endpoint.port, endpoint.store)
  const after = await start(env)
  await inStep(after)
  expect(await names(after)).toEqual(['1'])
  await back.stop()
}, 60_000)

test('a library that had no graph is described whole, and strays are forgotten', async () => {
  const without = await start({ GRAPH: 'none' })
  await index(without, 1)
  await index(without, 2)
  await shutDown(without)
  const described = await start({})
  await vi.waitFor(async () => expect(await names(described)).toEqual(['1', '2']), {
    timeout: 20_000,
  })
  await shutDown(described)

  const again = await start({ GRAPH: 'none' })
  await fetch(`${again.url}/api/images/${(await index(again, 1)).body.id}`, { method: 'DELETE' })
  await shutDown(again)
  const mended = await start({})
  await vi.waitFor(async () => expect(await names(mended)).toEqual(['2']), { timeout: 20_000 })
}, 60_000)

test('metadata keys that are given properties later are described anew', async () => {
  const before = await start({})
  await before.index(await jpeg(1, 64, 64), {
    image_uri: 'http://example.org/1',
    metadata: '{"painter":"http://example.org/ann"}',
  })
  await shutDown(before)
  const after = await start({ GRAPH_PROPERTIES: 'painter=http://purl.org/dc/terms/creator' })
  const query =
    'ASK { <http://example.org/1> <http://purl.org/dc/terms/creator> <http://example.org/ann> }'
  await vi.waitFor(
    async () => {
      const { body } = await getJson<{ boolean: boolean }>(
        `${after.url}/api/kg/sparql?query=${encodeURIComponent(query)}`,
      )
      expect(body.boolean).toBe(true)
    },
    { timeout: 20_000 },
  )
}, 60_000)

describe('a graph server that is not the one that was written to', () => {
  const replaced = async (make: Make, data?: string) => {
    const endpoint = await startSparqlEndpoint()
    const server = await start({ GRAPH: 'sparql', SPARQL_ENDPOINT: endpoint.url }, data)
    for (const seed of [1, 2, 3]) await index(server, seed)
    const backup = oxigraphCopy(endpoint.store)
    const id = (await index(server, 4)).body.id
    await fetch(`${server.url}/api/images/${id}`, { method: 'DELETE' })
    await edit(server, 1, { category: 'edited' })
    const store = make({ ...endpoint, store: backup })
    await endpoint.stop()
    return { server, back: await startSparqlEndpoint(endpoint.port, store) }
  }
  const category = 'SELECT ?n { <http://example.org/1> <https://schema.org/category> ?n }'

  const others: Record<string, Make> = {
    empty: () => new oxigraph.Store(),
    'from a backup with as many images': ({ store }) => store,
    'from a backup without the numbers that are left behind': ({ store }) => {
      store.update('DELETE WHERE { GRAPH ?g { ?s <urn:lookalike:term:revision> ?o } }')
      return store
    },
  }

  // Each is noticed after ten seconds, which pass for all at once.
  test('is noticed while running, and described anew', async () => {
    const notice = async ([name, make]: [string, Make]) => {
      const { server, back } = await replaced(make, name)
      await vi.waitFor(
        async () => {
          expect(await names(server), name).toEqual(['1', '2', '3'])
          expect(await column(server, category), name).toEqual(['edited'])
        },
        { timeout: 40_000, interval: 200 },
      )
      await inStep(server)
      await back.stop()
    }
    await Promise.all(Object.entries(others).map(notice))
  }, 90_000)

  test('a write that comes before it is noticed does not hide it', async () => {
    const { server, back } = await replaced(() => new oxigraph.Store())
    await index(server, 5)
    await inStep(server)
    expect(await names(server)).toEqual(['1', '2', '3', '5'])
    await back.stop()
  }, 90_000)

  test('one that is the same as before is left alone, also after a restart', async () => {
    const endpoint = await startSparqlEndpoint()
    const env = { GRAPH: 'sparql', SPARQL_ENDPOINT: endpoint.url }
    const before = await start(env)
    for (const seed of [1, 2]) await index(before, seed)
    await shutDown(before)
    const updates = endpoint.updates()
    const after = await start(env)
    await inStep(after)
    expect(await names(after)).toEqual(['1', '2'])
    expect(endpoint.updates()).toBe(updates)
    await index(after, 3)
    expect(endpoint.updates()).toBe(updates + 1)
    await endpoint.stop()
  }, 60_000)
})

type Endpoint = Awaited<ReturnType<typeof startSparqlEndpoint>>
/** What is at the address of an endpoint from then on, given it with the statements of a backup. */
type Make = (endpoint: Endpoint) => Endpoint['store']

function oxigraphCopy(store: Endpoint['store']): Endpoint['store'] {
  return new oxigraph.Store(store.match())
}

async function edit(server: TestServer, seed: number, metadata: object) {
  const id = recordId(`http://example.org/${seed}`)
  const answer = await sendJson('PATCH', `${server.url}/api/images/${id}`, { metadata })
  expect(answer.status).toBe(200)
}
