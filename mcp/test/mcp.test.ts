import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { Ajv2020 } from 'ajv/dist/2020.js'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createClient, type ImageRecord } from '@lookalike/sdk'
import { temporaryFolder, type Folder } from '../../cli/test/support/library.ts'
import { jpeg } from '../../server/test/support/pictures.ts'
import { startServer, type TestServer } from '../../server/test/support/server.ts'

const command = join(import.meta.dirname, '../../lookalike/src/main.ts')
const key = 'a-key-that-nobody-guesses-0123456789'

let server: TestServer
let folder: Folder
let reader: string
let first: ImageRecord
beforeAll(async () => {
  server = await startServer({ API_KEYS: key, MCP: 'write' })
  folder = await temporaryFolder()
  await folder.write('query.jpg', await jpeg(1))
  for (let seed = 0; seed < 6; seed++) {
    const metadata = JSON.stringify({ parity: seed % 2 ? 'odd' : 'even' })
    const fields = { image_uri: `https://example.org/${seed}.jpg`, metadata }
    const { body } = await server.index(await jpeg(seed), fields, {
      headers: { authorization: `Bearer ${key}` },
    })
    if (seed === 1) first = body
  }
  const made = await fetch(`${server.url}/api/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'reader', scope: 'read' }),
  })
  reader = ((await made.json()) as { key: string }).key
})
afterAll(async () => {
  await server.stop()
  await folder.remove()
})

async function overHttp(as = key, url = server.url): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' })
  const requestInit = { headers: { authorization: `Bearer ${as}` } }
  await client.connect(new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit }))
  return client
}

async function overStdio(args: string[] = []): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' })
  const env = {
    PATH: process.env['PATH']!,
    LOOKALIKE_URL: server.url,
    LOOKALIKE_API_KEY: key,
  }
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [command, 'mcp', ...args],
    env,
  })
  await client.connect(transport)
  return client
}

interface Found {
  results: { number: number; id: string; image_uri: string; match: string | null }[]
}

async function search(client: Client, name: string, args: Record<string, unknown>) {
  const { content, structuredContent, isError } = await client.callTool({ name, arguments: args })
  const sheet = content.find((part) => part.type === 'image')
  const texts = content.flatMap((part) => (part.type === 'text' ? [part.text] : []))
  return { isError: isError ?? false, sheet, texts, ...(structuredContent as unknown as Found) }
}

const ways: [string, () => Promise<Client>][] = [
  ['streamable HTTP', () => overHttp()],
  ['stdio', () => overStdio(['--write'])],
]
describe.each(ways)('over %s', (way, connect) => {
  let client: Client
  beforeAll(async () => {
    client = await connect()
  })
  afterAll(() => client.close())

  test('every tool says what it takes and gives, in valid JSON Schema', async () => {
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name).toSorted()).toEqual([
      'ask_graph',
      'facets',
      'index',
      'more_like',
      'search_by_image',
      'search_by_text',
      'show',
    ])
    const ajv = new Ajv2020({ strict: false, validateFormats: false })
    for (const { name, description, inputSchema, outputSchema, annotations } of tools) {
      expect(description, name).toBeTruthy()
      expect(ajv.validateSchema(inputSchema), name).toBe(true)
      expect(ajv.validateSchema(outputSchema!), name).toBe(true)
      expect(annotations?.readOnlyHint, name).toBe(name !== 'index')
    }
    const { inputSchema } = tools.find(({ name }) => name === 'search_by_image')!
    expect('path' in inputSchema.properties!).toBe(way === 'stdio')
  })

  test('a picture finds its likes, with a sheet of them in their order', async () => {
    const image = (await jpeg(1)).toString('base64')
    const { results, sheet, texts } = await search(client, 'search_by_image', { image, limit: 5 })
    expect(results.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5])
    expect(results[0]).toMatchObject({ id: first.id, match: 'same' })
    expect(texts[0]).toMatch(/^1\. 1\.000 same https:\/\/example\.org\/1\.jpg/)
    const drawn = sharp(Buffer.from((sheet as { data: string }).data, 'base64'))
    expect(await drawn.metadata()).toMatchObject({ format: 'jpeg', width: 1020 })
    const { results: odd, sheet: none } = await search(client, 'search_by_image', {
      image,
      filter: { must: [{ key: 'parity', match: { value: 'odd' } }] },
      contact_sheet: false,
    })
    expect([odd.length, none]).toEqual([3, undefined])
  })

  test('one of the library finds more, is shown, and is read as a resource', async () => {
    const more = await search(client, 'more_like', { id: first.id, limit: 2 })
    expect(more.results.map(({ id }) => id)).not.toContain(first.id)
    const shown = await client.callTool({ name: 'show', arguments: { id: first.id } })
    expect(shown.structuredContent).toMatchObject({ image_uri: first.image_uri })
    expect(shown.content.map(({ type }) => type)).toEqual(['text', 'image', 'resource_link'])
    const { resources } = await client.listResources()
    expect(resources).toHaveLength(6)
    const uri = `lookalike://images/${first.id}`
    const { contents } = await client.readResource({ uri })
    expect(JSON.parse((contents[0] as { text: string }).text)).toMatchObject({ id: first.id })
    const thumbnail = await client.readResource({ uri: `${uri}/thumbnail` })
    expect(thumbnail.contents[0]).toMatchObject({ mimeType: 'image/png' })
  })

  test('words, values and statements are asked for', async () => {
    const { names } = await createClient({ baseUrl: server.url, apiKey: key }).vocabulary()
    const asked = await search(client, 'search_by_text', { query: names[0]!.name })
    expect(asked.results).toHaveLength(6)
    const facets = await client.callTool({ name: 'facets', arguments: { key: 'parity' } })
    expect(facets.structuredContent).toMatchObject({ values: [{ count: 3 }, { count: 3 }] })
    const query = 'SELECT ?image WHERE { ?image a <http://schema.org/ImageObject> }'
    const graph = await client.callTool({ name: 'ask_graph', arguments: { query } })
    expect(graph.structuredContent).toMatchObject({ head: { vars: ['image'] } })
  })

  test('what is wrong is told as the API tells it, and the conversation goes on', async () => {
    const nothing = await search(client, 'search_by_image', {})
    expect(nothing).toMatchObject({ isError: true })
    expect(nothing.texts[0]).toMatch(/^Give exactly one of image, url/)
    const text = Buffer.from('no picture').toString('base64')
    expect(await search(client, 'search_by_image', { image: text })).toMatchObject({ isError: true }) // prettier-ignore
    const unknown = await search(client, 'show', { id: '3b1b6d1e-7f0a-4c55-8f8b-6f0a2b9c1d10' })
    expect(unknown.texts[0]).toMatch(/no image/i)
  })
})

test('a path is read where the command runs, and what is added is there', async () => {
  const client = await overStdio(['--write'])
  const path = join(folder.path, 'query.jpg')
  const { results } = await search(client, 'search_by_image', { path, limit: 1 })
  expect(results[0]).toMatchObject({ id: first.id })
  const added = await client.callTool({
    name: 'index',
    arguments: { path, image_uri: 'urn:test:added', metadata: { by: 'tool' } },
  })
  expect(added.structuredContent).toMatchObject({ image_uri: 'urn:test:added' })
  const { id } = added.structuredContent as { id: string }
  await fetch(`${server.url}/api/images/${id}`, {
    method: 'DELETE',
    headers: { authorization: `Bearer ${key}` },
  })
  const missing = await search(client, 'search_by_image', { path: join(folder.path, 'none.jpg') })
  expect(missing.texts[0]).toMatch(/^The picture cannot be read: /)
  await client.close()
})

test('nothing is added unless that was asked for, and a key opens what it opens', async () => {
  const looking = await overStdio()
  const { tools } = await looking.listTools()
  expect(tools.map(({ name }) => name)).not.toContain('index')
  await looking.close()

  const asReader = await overHttp(reader)
  const image = (await jpeg(7)).toString('base64')
  const refused = await search(asReader, 'index', { image })
  expect(refused.texts[0]).toBe('The key reader has the scope read, and this asks for write: use another key.') // prettier-ignore
  const log = await readFile(join(server.dataDir, 'audit.jsonl'), 'utf8')
  expect(JSON.parse(log.trimEnd().split('\n').at(-1)!)).toMatchObject({
    key: 'reader',
    route: '/api/images/index',
    status: 403,
  })
  expect((await search(asReader, 'search_by_image', { image })).isError).toBe(false)
  await asReader.close()
  await expect(overHttp('a-wrong-key')).rejects.toThrow()
})

test('by default the server adds nothing, and it can be off', async () => {
  const usual = await startServer()
  const client = await overHttp('', usual.url)
  expect((await client.listTools()).tools).toHaveLength(6)
  await client.close()
  await usual.stop()
  const silent = await startServer({ MCP: 'off' })
  expect((await fetch(`${silent.url}/mcp`, { method: 'POST' })).status).toBe(404)
  await silent.stop()
})

test.each([
  ['no body', undefined, 'application/json', 400],
  ['no JSON', 'x', 'application/json', 400],
  ['no message', '{}', 'application/json', 400],
  ['another type', 'x', 'text/plain', 415],
])('%s is refused', async (_what, body, type, status) => {
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': type,
    accept: 'application/json, text/event-stream',
  }
  const answer = await fetch(`${server.url}/mcp`, { method: 'POST', headers, body: body ?? null })
  expect(answer.status).toBe(status)
})
