import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSparqlEndpoint } from '../fakes/sparql-endpoint.ts'
import { startServer, type TestServer } from '../support/server.ts'

const fact = '<http://e.org/s> <http://e.org/p>'
/** The same statement in each format, about a text. */
const documents: Record<string, (text: string) => string> = {
  'text/turtle': (text) => `@prefix e: <http://e.org/> .\ne:s e:p "${text}" .`,
  'application/n-triples': (text) => `${fact} "${text}" .\n`,
  'application/n-quads': (text) => `${fact} "${text}" <http://e.org/g> .\n`,
  'application/ld+json': (text) => `{"@id":"http://e.org/s","http://e.org/p":"${text}"}`,
  'application/rdf+xml': (text) =>
    '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.org/">' +
    `<rdf:Description rdf:about="http://e.org/s"><e:p>${text}</e:p></rdf:Description></rdf:RDF>`,
}
const bom = Buffer.from('\ufeff')
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')

describe.each(['embedded', 'sparql'])('GRAPH=%s', (driver) => {
  let endpoint: Awaited<ReturnType<typeof startSparqlEndpoint>>
  let server: TestServer
  beforeAll(async () => {
    endpoint = await startSparqlEndpoint()
    server = await startServer({ GRAPH: driver, SPARQL_ENDPOINT: endpoint.url })
  })
  afterAll(async () => {
    await server.stop()
    await endpoint.stop()
  })

  async function post(path: string, type: string, body: Buffer | string) {
    const headers = { 'content-type': type, accept: 'text/csv, application/problem+json' }
    const init = { method: 'POST', headers, body: new Uint8Array(Buffer.from(body)) }
    const response = await fetch(`${server.url}/api/kg/${path}`, init)
    return { status: response.status, text: await response.text() }
  }
  const kept = async () =>
    (await post('sparql', 'application/sparql-query', `SELECT ?o { ${fact} ?o }`)).text
      .trimEnd()
      .split('\r\n')
      .slice(1)
  const clear = () => post('update', 'application/sparql-update', `DELETE WHERE { ${fact} ?o }`)

  test.each(Object.entries(documents))('%s with a byte order mark is read', async (type, make) => {
    const imported = await post(
      'import',
      type,
      Buffer.concat([bom, Buffer.from(make('Zoë 日本 😀'))]),
    )
    expect([imported.status, imported.text]).toEqual([200, expect.stringContaining('1')])
    expect(await kept()).toEqual(['Zoë 日本 😀'])
    await clear()
  })

  test.each(Object.entries(documents))('%s that is not UTF-8 is refused', async (type, make) => {
    const text = make('Zoë')
    const cut = Buffer.from(make('😀'))
    for (const body of [
      Buffer.from(text, 'latin1'),
      utf16(text),
      // A character that lacks its last byte, one that is longer than it may be, and half a pair.
      Buffer.concat([cut.subarray(0, cut.indexOf(0xf0) + 3), cut.subarray(cut.indexOf(0xf0) + 4)]),
      Buffer.from(make('~~').replace('~~', '\xc0\xaf'), 'latin1'),
      Buffer.from(make('~~~').replace('~~~', '\xed\xa0\xbd'), 'latin1'),
    ]) {
      const { status, text: problem } = await post('import', type, body)
      expect([status, problem]).toEqual([400, expect.stringContaining('UTF-8')])
    }
    const declared = await post('import', `${type}; charset=iso-8859-1`, text)
    expect([declared.status, declared.text]).toEqual([400, expect.stringContaining('iso-8859-1')])
    expect((await post('import', `${type}; charset=UTF-8`, text)).status).toBe(200)
    expect(await kept()).toEqual(['Zoë'])
    await clear()
  })

  test('XML that says it is in another encoding is refused', async () => {
    const body = documents['application/rdf+xml']!('Zoë').replace('?>', ' encoding="ISO-8859-1"?>')
    expect((await post('import', 'application/rdf+xml', body)).status).toBe(400)
  })

  test('half a surrogate pair behind an escape is refused', async () => {
    for (const [type, body] of [
      ['application/ld+json', documents['application/ld+json']!('\\ud83d')],
      ['text/turtle', documents['text/turtle']!('\\ud83d')],
      ['application/n-triples', documents['application/n-triples']!('\\uD83D')],
    ] as const) {
      expect([type, (await post('import', type, body)).status]).toEqual([type, 400])
    }
    expect(await kept()).toEqual([])
  })

  test('queries and updates are read the same way, however they are sent', async () => {
    const form = 'application/x-www-form-urlencoded'
    const insert = `INSERT DATA { ${fact} "Zoë" }`
    const ask = `SELECT ?o { ${fact} ?o FILTER(?o = "Zoë") }`
    const latin1 = (text: string) => escape(text)
    expect(
      (await post('update', 'application/sparql-update', Buffer.concat([bom, Buffer.from(insert)])))
        .status,
    ).toBe(204)
    expect((await post('sparql', 'application/sparql-query', `\ufeff${ask}`)).text).toContain('Zoë')
    expect(
      (await post('sparql', form, `query=%EF%BB%BF${encodeURIComponent(ask)}`)).text,
    ).toContain('Zoë')
    const get = (query: string) =>
      fetch(`${server.url}/api/kg/sparql?query=${query}`, { headers: { accept: 'text/csv' } })
    expect(await (await get(`%EF%BB%BF${encodeURIComponent(ask)}`)).text()).toContain('Zoë')
    // A bare % is itself, as everywhere on the web.
    expect((await post('sparql', form, 'query=ASK+{+?s+?p+"50%"+}')).status).toBe(200)

    for (const { status, text } of [
      await post('update', 'application/sparql-update', Buffer.from(insert, 'latin1')),
      await post('update', 'application/sparql-update', utf16(insert)),
      await post('update', 'application/sparql-update; charset=utf-16', insert),
      await post('sparql', 'application/sparql-query', Buffer.from(ask, 'latin1')),
      await post('sparql', form, `query=${latin1(ask)}`),
      await post('update', form, `update=${latin1(insert)}`),
      await post('update', form, Buffer.from(`update=${insert}`, 'latin1')),
      await get(latin1(ask)).then(async (response) => ({
        status: response.status,
        text: await response.text(),
      })),
    ]) {
      expect([status, text]).toEqual([400, expect.stringContaining('UTF-8')])
    }
    expect(await kept()).toEqual(['Zoë'])
    await clear()
  })
})
