import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jpeg } from '../support/pictures.ts'
import { form, startServer, type TestServer } from '../support/server.ts'

let server: TestServer
let file: Buffer
let id: string
beforeAll(async () => {
  server = await startServer()
  file = await jpeg(1)
  id = (await server.index(file)).body.id
})
afterAll(() => server.stop())

async function typeOf(answer: Response): Promise<string> {
  await answer.arrayBuffer()
  expect(answer.status).toBe(200)
  return answer.headers.get('content-type')!.split(';')[0]!
}

const events = 'text/event-stream'
const jsonLd = 'application/ld+json'
const json = 'application/json'

describe('a search answers in what its caller likes best', () => {
  test.each([
    [events, events],
    ['TEXT/Event-Stream', events],
    ['text/event-stream; charset=utf-8', events],
    ['text/event-stream;q=0, */*', json],
    ['application/json;q=0.5, text/event-stream;q=0.4', json],
    ['application/json;q=0.4, text/event-stream;q=0.5', events],
    ['text/*', events],
    [jsonLd, jsonLd],
    ['application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted, x";q=0.9', jsonLd],
    ['application/ld+json;q=0, application/json', json],
    ['text/html,application/xhtml+xml,*/*;q=0.8', json],
    ['*/*', json],
    // Nothing of what there is: the usual is still of more use than a refusal.
    ['image/png', json],
  ])('%s', async (accept, type) => {
    const body = form(file)
    const url = `${server.url}/api/images/search-similar`
    expect(await typeOf(await fetch(url, { method: 'POST', headers: { accept }, body }))).toBe(type)
  })

  test.each([
    ['application/ld+json;charset=utf-8', jsonLd],
    ['application/ld+json;q=0.1, application/json;q=0.2', json],
  ])('also of an indexed picture: %s', async (accept, type) => {
    const answer = await fetch(`${server.url}/api/images/${id}/similar`, { headers: { accept } })
    expect(await typeOf(answer)).toBe(type)
  })
})

test.each([
  ['text/csv;header=present', 'text/csv'],
  [
    'text/csv;q=0.1, application/sparql-results+json;charset=utf-8',
    'application/sparql-results+json',
  ],
  ['application/json', 'application/sparql-results+json'],
])('the graph answers %s with %s', async (accept, type) => {
  const url = `${server.url}/api/kg/sparql?query=${encodeURIComponent('SELECT ?s { ?s ?p ?o }')}`
  expect(await typeOf(await fetch(url, { headers: { accept } }))).toBe(type)
})
