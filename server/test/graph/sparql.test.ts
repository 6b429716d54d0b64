import { afterEach, describe, expect, test } from 'vitest'
import { startSparqlEndpoint } from '../fakes/sparql-endpoint.ts'
import { describeKnowledgeGraph } from '../conformance/graph/knowledge-graph.ts'
import openSparqlGraph from '../../src/graph/sparql/index.ts'

const deadlineMs = 10_000
const memoryBytes = 1e9

describeKnowledgeGraph('sparql', async () => {
  const endpoint = await startSparqlEndpoint()
  const open = async () =>
    openSparqlGraph({
      endpoint: endpoint.url,
      updateEndpoint: endpoint.url,
      deadlineMs,
      memoryBytes,
    })
  return { graph: await open(), reopen: open, dispose: () => endpoint.stop() }
})

describe('an endpoint that fails', () => {
  let endpoint: Awaited<ReturnType<typeof startSparqlEndpoint>>
  afterEach(() => endpoint.stop())
  const query = { text: 'ASK {}', format: 'application/sparql-results+json' } as const

  test('is asked for no answer in gzip, which comes in chunks that wait 40 ms for each other', async () => {
    endpoint = await startSparqlEndpoint()
    const graph = openSparqlGraph({
      endpoint: endpoint.url,
      updateEndpoint: endpoint.url,
      deadlineMs,
      memoryBytes,
    })
    await graph.query(query)
    expect([...endpoint.encodings]).toEqual(['identity'])
  })

  test('is told its credentials, and nobody else is', async () => {
    endpoint = await startSparqlEndpoint()
    const graph = openSparqlGraph({
      endpoint: endpoint.url,
      updateEndpoint: endpoint.url,
      credentials: { user: 'ann', password: 's:cret' },
      deadlineMs,
      memoryBytes,
    })
    expect(JSON.parse(await graph.query(query))).toMatchObject({ boolean: true })
    const expected = `Basic ${Buffer.from('ann:s:cret').toString('base64')}`
    expect([...endpoint.authorizations]).toEqual([expected])
    await endpoint.stop()
    const { detail, status } = await graph.health()
    expect(status).toBe('unavailable')
    expect(detail).not.toContain('cret')
    endpoint = await startSparqlEndpoint()
  })

  test('is given up on after the deadline', async () => {
    endpoint = await startSparqlEndpoint()
    endpoint.stall()
    const graph = openSparqlGraph({
      endpoint: endpoint.url,
      updateEndpoint: endpoint.url,
      deadlineMs: 200,
      memoryBytes,
    })
    await expect(graph.query(query)).rejects.toMatchObject({ code: 'query_too_heavy' })
  })
})
