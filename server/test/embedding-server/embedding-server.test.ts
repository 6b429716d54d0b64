import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type Info, type SearchResponse, type UsageReport } from '@lookalike/sdk'
import sharp from 'sharp'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { loadConfig } from '../../src/config.ts'
import { FakeEmbeddingServer, type Dialect } from '../fakes/embedding-server.ts'
import { getHealth, getJson, sendJson, startServer, type TestServer } from '../support/server.ts'

const dialects: Dialect[] = ['vllm', 'infinity', 'llamacpp']
/** The self-test: two drawings and four texts. */
const tested = [2, 4]

let model: FakeEmbeddingServer
let server: TestServer | undefined
let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'lookalike-server-'))
})
afterEach(async () => {
  await server?.stop()
  server = undefined
  await model.stop()
  await rm(dataDir, { recursive: true, force: true })
})

async function serve(dialect: Dialect): Promise<void> {
  model = await new FakeEmbeddingServer(dialect).start()
}

async function start(dialect: Dialect, env: Record<string, string> = {}): Promise<TestServer> {
  await server?.stop()
  server = await startServer({
    DATA_DIR: await mkdtemp(join(dataDir, 'data-')),
    EMBEDDER: 'server',
    EMBEDDING_SERVER_URL: model.origin,
    EMBEDDING_SERVER_DIALECT: dialect,
    EMBEDDING_MODEL: 'colours',
    // It is asked for nothing that a test does not ask for: names.test.ts has them.
    NAMES_BY_MODEL: 'false',
    GRAPH: 'none',
    ...env,
  })
  return server
}

/** One colour with a spot, so that seeds differ. */
function coloured(colour: { r: number; g: number; b: number }, seed = 0): Promise<Buffer> {
  const spot = { create: { width: 60, height: 60, channels: 3 as const, background: '#888' } }
  return sharp({ create: { width: 640, height: 400, channels: 3, background: colour } })
    .composite([{ input: spot, left: (seed * 40) % 560, top: (seed * 70) % 340 }])
    .jpeg()
    .toBuffer()
}
const red = { r: 220, g: 10, b: 10 }
const green = { r: 10, g: 200, b: 20 }
const blue = { r: 10, g: 20, b: 220 }

const words = (url: string, query: string) =>
  sendJson<SearchResponse>('POST', `${url}/api/images/search-text`, { query })

describe.each(dialects)('%s', (dialect) => {
  beforeEach(() => serve(dialect))

  test('embeds pictures and words, once each, and never sends an address', async () => {
    const { url, index, search } = await start(dialect, { EMBEDDING_IMAGE_EDGE: '300' })
    expect(model.counts()).toEqual(tested)
    const { embedder } = (await getJson<Info>(`${url}/api/info`)).body
    expect(embedder).toMatchObject({ id: 'server:colours@16', dimensions: 16, text: 'any' })
    for (const [name, colour] of Object.entries({ red, green, blue })) {
      const { status, body } = await index(await coloured(colour), {
        image_uri: `http://example.org/${name}`,
        // It says what the picture is, and changes nothing of how it looks.
        ...(name === 'green' && { description: 'something red' }),
      })
      expect(status).toBe(201)
      expect(body.description).toMatch(name === 'green' ? /^something red$/ : /landscape-format/)
    }
    const found = await words(url, 'a red thing')
    expect(found.body.results.map(({ image_uri }) => image_uri.split('/').at(-1))[0]).toBe('red')
    const green2 = await search(await coloured(green, 3))
    expect(green2.body.results[0]).toMatchObject({ image_uri: 'http://example.org/green' })
    expect(green2.body.usage.calls).toBe(1)
    const again = await search(await coloured(green, 3))
    expect(again.body).toMatchObject({ cached: true, usage: { calls: 0 } })
    expect((await words(url, 'a red thing')).body.cached).toBe(true)
    expect(model.counts()).toEqual([tested[0]! + 4, tested[1]! + 1])
    for (const picture of model.inputs.flat()) {
      if (!('jpeg' in picture)) continue
      const { format, width } = await sharp(picture.jpeg).metadata()
      expect([format, width! <= 300]).toEqual(['jpeg', true])
    }
    // Nor does one that is set later.
    const { store } = server!.services.deps
    const id = green2.body.results[0]!.id
    const [before] = await store.getWithVectors([id])
    await createClient({ baseUrl: url }).setDescription(id, 'a thing in red')
    const [after] = await store.getWithVectors([id])
    expect([after!.description, after!.vector]).toEqual(['a thing in red', before!.vector])
    expect(JSON.stringify(model.calls)).not.toMatch(/example\.org|https?:/)
  })

  test('a model whose words are not beside its pictures is refused, with what to do', async () => {
    model.behaviour = { wrongPadding: true }
    await expect(start(dialect)).rejects.toThrow(/fails the self-test.*(Update|Start)/)
  })

  test('a model without words says so and searches by pictures', async () => {
    model.behaviour = { noWords: true }
    const { url, index } = await start(dialect)
    expect((await getJson<Info>(`${url}/api/info`)).body.embedder.text).toBe('none')
    expect((await getHealth(url)).body.checks.embedder).toMatchObject({
      status: 'ok',
      detail: expect.stringMatching(/pictures and no words.*no text encoder/),
    })
    expect((await index(await coloured(red))).status).toBe(201)
    // Neither a word of its description nor one that the model knows.
    const refused = await words(url, 'zebra')
    expect([refused.status, refused.body.code]).toEqual([422, 'unsupported'])
  })
})

test.each<[string, FakeEmbeddingServer['behaviour'], RegExp]>([
  ['not finite', { change: (vector) => vector.map(() => 1e39) }, /not finite/],
  ['all zeros', { change: (vector) => vector.map(() => 0) }, /all zeros/],
  ['always the same', { change: (vector) => vector.map(() => 1) }, /does not look at pictures/],
  ['no vector', { change: () => 'words' }, /malformed|whole floats/],
  ['no JSON', { garbage: '<html>' }, /not JSON/],
  ['something else', { garbage: '{"data":[]}' }, /0 vectors for 1|0 vectors for 2/],
  ['unknown', { fail: { status: 404, times: 99 } }, /404.*EMBEDDING_MODEL/],
  ['for others', { fail: { status: 401, times: 99 } }, /EMBEDDING_SERVER_KEY/],
])('one whose answer is %s is refused at the start', async (_name, behaviour, message) => {
  await serve('infinity')
  model.behaviour = behaviour
  await expect(start('infinity')).rejects.toThrow(message)
})

describe('a server that is not always there', () => {
  beforeEach(() => serve('infinity'))

  test('must be there once, and is waited for afterwards', async () => {
    await model.stop()
    await expect(start('infinity')).rejects.toThrow(/cannot be reached.*EMBEDDING_SERVER_URL/)
    await model.start()
    const kept = join(dataDir, 'kept')
    await (await start('infinity', { DATA_DIR: kept })).index(await coloured(red))
    await model.stop()
    const { search } = await start('infinity', { DATA_DIR: kept })
    const away = await search(await coloured(blue))
    expect([away.status, away.body.code]).toEqual([503, 'provider_unavailable'])
    expect((await search(await coloured(red))).body.total_found).toBe(1)
    model.behaviour = { dimensions: 24 }
    await model.start()
    const changed = await search(await coloured(blue, 1))
    expect([changed.status, changed.body.code]).toEqual([502, 'provider_rejected'])
    expect(changed.body.detail).toMatch(/24 numbers instead of 16/)
    model.behaviour = {}
    expect((await search(await coloured(blue, 2))).status).toBe(200)
  })

  test('that limits its rate is asked again, one that is slow is given up', async () => {
    const { search } = await start('infinity', { EMBEDDING_TIMEOUT_MS: '1500' })
    model.behaviour = { fail: { status: 429, times: 2, retryAfter: 0 } }
    expect((await search(await coloured(red))).status).toBe(200)
    model.behaviour = { slow: 5000 }
    const late = await search(await coloured(red, 1))
    expect([late.status, late.body.code]).toEqual([500, 'provider_timeout'])
    expect(late.body.detail).toMatch(/EMBEDDING_TIMEOUT_MS/)
  })

  test('gets pictures that come together in few calls, and one that is bad fails alone', async () => {
    const { index } = await start('infinity', { EMBEDDING_MAX_CONCURRENCY: '12' })
    const before = model.calls.length
    model.behaviour = { refuseRed: true, slow: 200 }
    const pictures = await Promise.all([
      ...Array.from({ length: 11 }, (_, seed) => coloured(seed % 2 ? green : blue, seed)),
      coloured(red),
    ])
    const answers = await Promise.all(pictures.map((picture) => index(picture)))
    expect(answers.map(({ status }) => status)).toEqual([...Array(11).fill(201), 502])
    expect(answers.at(-1)!.body.detail).toMatch(/cannot identify image file/)
    const sizes = model.inputs.slice(before).map((each) => each.length)
    expect(Math.max(...sizes)).toBeGreaterThan(1)
  })
})

test('llama.cpp that was started anew has another word for the place of a picture', async () => {
  await serve('llamacpp')
  const { search } = await start('llamacpp', { EMBEDDING_SERVER_URL: `${model.origin}/v1` })
  model.changeMarker()
  expect((await search(await coloured(red))).status).toBe(200)
})

test('SigLIP is sent lower case, padded to its full length, at vLLM', async () => {
  await serve('vllm')
  const { url } = await start('vllm', {
    EMBEDDING_MODEL: 'google/siglip2-base-patch16-224',
    EMBEDDING_REVISION: '75de2d5',
    EMBEDDING_SERVER_KEY: 'sk-gpu-secret',
    EMBEDDING_PRICE_USD: '1000000',
    OPENAI_MONTHLY_BUDGET_USD: '200',
  })
  expect((await getJson<Info>(`${url}/api/info`)).body.embedder.id).toBe(
    'server:google/siglip2-base-patch16-224#75de2d5@16',
  )
  await words(url, 'A Red CAR')
  expect(model.calls.at(-1)!.body).toMatchObject({ input: ['a red car'], padding: 'max_length' })
  expect(new Set(model.keys)).toEqual(new Set(['Bearer sk-gpu-secret']))
  const usage = (await getJson<UsageReport>(`${url}/api/usage`)).body
  expect(usage.total.estimated_usd).toBeGreaterThan(60)
  for (let at = 0; at < 14; at++) await words(url, `green ${at}`)
  const refused = await words(url, 'one too many')
  expect([refused.status, refused.body.code]).toEqual([402, 'budget_exhausted'])
})

test('what is missing is named', async () => {
  await serve('vllm')
  expect(() => loadConfig({ EMBEDDER: 'server' })).toThrow(
    /EMBEDDING_SERVER_URL and EMBEDDING_MODEL/,
  )
  await expect(start('vllm', { EMBEDDING_DIMENSIONS: '512' })).rejects.toThrow(
    /16 numbers instead of 512.*EMBEDDING_DIMENSIONS=16/,
  )
})
