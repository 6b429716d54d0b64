import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type {
  Facets,
  ImageRecord,
  ImportEstimate,
  SearchResponse,
  UsageReport,
  Vocabulary,
} from '@lookalike/sdk'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { meaninglessPicture, meaninglessPictures } from '../../src/names/meaningless.ts'
import { wholeVocabulary } from '../../src/names/vocabulary.ts'
import { FakeEmbeddingServer } from '../fakes/embedding-server.ts'
import { startProcess } from '../support/process.ts'
import { reindex } from '../support/reindexing.ts'
import { getHealth, getJson, postForm, sendJson, startServer, type TestServer } from '../support/server.ts' // prettier-ignore
import { until } from '../support/until.ts'

/** By red, green and blue; the first two are the self-test's drawings. */
const shown: Record<string, string> = {
  '241,163,163': 'red square',
  '183,189,244': 'blue circle',
  '200,0,0': 'duck pond sunset calm watercolour',
  '0,200,0': 'desert',
  '0,0,200': 'lighthouse teapot guitar anchor',
  '200,200,0': 'bicycle',
}
function shows(mean: readonly [number, number, number]): string | null {
  const near = Object.entries(shown).find(([key]) => {
    const colour = key.split(',').map(Number)
    return mean.every((value, at) => Math.abs(value - colour[at]!) < 5)
  })
  return near?.[1] ?? null
}

/** Thousands of names are embedded, on whatever machine. */
const patience = { timeout: 90_000 }

let model: FakeEmbeddingServer
let server: TestServer | undefined
let dataDir: string
beforeAll(async () => {
  model = await new FakeEmbeddingServer('infinity').start()
})
afterAll(() => model.stop())
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'lookalike-names-'))
  model.inputs.length = 0
  model.behaviour = { shows, dimensions: 384 }
})
afterEach(async () => {
  await server?.stop()
  server = undefined
  await rm(dataDir, { recursive: true, force: true })
})

const env = () => ({
  DATA_DIR: dataDir,
  EMBEDDER: 'server',
  EMBEDDING_SERVER_URL: model.origin,
  EMBEDDING_SERVER_DIALECT: 'infinity',
  EMBEDDING_MODEL: 'words',
})

async function start(more: Record<string, string> = {}): Promise<TestServer> {
  await server?.stop()
  server = undefined
  return (server = await startServer({ ...env(), ...more }))
}

function picture(colour: string, spot = 0): Promise<Buffer> {
  const [r, g, b] = colour.split(',').map(Number) as [number, number, number]
  const mark = { create: { width: 4, height: 4, channels: 3 as const, background: '#888' } }
  return sharp({ create: { width: 320, height: 200, channels: 3, background: { r, g, b } } })
    .composite([{ input: mark, left: spot, top: spot }])
    .png()
    .toBuffer()
}

function drawn(number: number): Promise<Buffer> {
  const { rgb, width, height } = meaninglessPicture(number)
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
}

const prompts = new Set(wholeVocabulary().map(({ sort, name }) => `${sort} ${name}`)).size
const recordOf = async (url: string, id: string) =>
  (await getJson<ImageRecord>(`${url}/api/images/${id}`)).body

test(
  'what pictures show is said by the model’s own names, found in both languages, counted, and in the graph',
  patience,
  async () => {
    const visual = await start({ EMBEDDER: 'visual' })
    const first = await visual.index(await picture('200,0,0'), { image_uri: 'http://example.org/pond' }) // prettier-ignore
    const own = await visual.index(await picture('200,0,0', 20), {
      image_uri: 'http://example.org/own',
      description: 'Kept by Xenia',
    })
    const { url, index, search } = await start()
    // It waits for the names, so that nothing is described without.
    expect(await reindex(url)).toMatchObject({ state: 'complete' })
    const pond = await recordOf(url, first.body.id)
    expect(pond.description).toMatch(
      /^Probably: duck, pond, sunset, calm, watercolour\. A landscape-format picture, all /,
    )
    expect(pond.tags.slice(0, 5)).toEqual(['duck', 'pond', 'sunset', 'calm', 'watercolour'])
    expect(pond.tags).toEqual(expect.arrayContaining(['waterfowl', 'bird', 'animal', 'water body']))
    // What a person wrote stays; tags are the model's.
    expect(await recordOf(url, own.body.id)).toMatchObject({
      description: 'Kept by Xenia',
      tags: pond.tags,
    })
    expect(pond.indexed_at).toBe(first.body.indexed_at)

    const station = await index(await picture('0,200,0'), { image_uri: 'http://example.org/a' })
    expect(station.body.description).toMatch(/^Probably: desert, landscape\. A landscape/)
    // A few of each sort, never all that are possible.
    const several = await index(await picture('0,0,200'))
    const things = ['lighthouse', 'teapot', 'guitar', 'anchor']
    expect(things.filter((name) => several.body.description.includes(name))).toHaveLength(3)
    let silent = 0
    for (let at = 0; at < 6; at++) {
      const { body } = await index(await drawn(meaninglessPictures + at))
      if (!body.description.startsWith('Probably')) silent++
    }
    // Of each of six sorts 1 of 49 by chance.
    expect(silent).toBeGreaterThanOrEqual(4)

    for (const query of ['duck', 'Ente', 'Teich', 'Sonnenuntergang', 'Aquarell', 'Wasservogel']) {
      const { body } = await sendJson<SearchResponse>('POST', `${url}/api/images/search-text`, { query }) // prettier-ignore
      const found = body.results.filter(({ found_by }) => found_by === 'words')
      expect(
        found.map(({ image_uri }) => image_uri),
        query,
      ).toContain('http://example.org/pond')
      expect(
        found.map(({ image_uri }) => image_uri),
        query,
      ).not.toContain('http://example.org/a')
    }
    const facets = await getJson<Facets>(`${url}/api/facets/lookalike.tags`)
    expect(facets.body.values).toContainEqual({ value: 'watercolour', count: 2 })
    const about = await until(
      async () => (await getJson(`${url}/api/images/${first.body.id}/statements`)).body,
      (body) => JSON.stringify(body).includes('watercolour'),
    )
    expect(JSON.stringify(about)).toContain('"duck"')
    const { body: vocabulary } = await getJson<Vocabulary>(`${url}/api/vocabulary`)
    expect(vocabulary.text).toBe('any')
    expect(vocabulary.names.length).toBeGreaterThan(2500)
    // With a list of names that was corrected it would say something else; pictures are remembered.
    const [pictures] = model.counts()
    expect(await reindex(url, { describe_again: true })).toMatchObject({ state: 'complete' })
    expect((await recordOf(url, first.body.id)).description).toBe(pond.description)
    expect(model.counts()[0]).toBe(pictures)
    const query = await search(await picture('200,200,0'))
    expect(query.body.query_image).toMatch(/^Probably: bicycle/)
  },
)

test(
  'names come in the background, after a kill and once there is money; what they cost is foreseen',
  patience,
  async () => {
    const priced = { EMBEDDING_PRICE_USD: '1000', GRAPH: 'none' }
    model.behaviour = { ...model.behaviour, slow: 40 }
    const child = await startProcess({ ...env(), ...priced }, dataDir)
    const estimateAt = async (url: string | null) =>
      (await getJson<ImportEstimate>(`${url}/api/usage/estimate?images=1`)).body.estimated_usd!
    // 64 tokens for each name, and what pictures take.
    expect(await estimateAt(child.url)).toBeGreaterThan(0.064 * 3000)
    const indexed = await postForm<ImageRecord>(`${child.url}/api/images/index`, await picture('200,0,0'), {}) // prettier-ignore
    const own = await postForm<ImageRecord>(`${child.url}/api/images/index`, await picture('200,0,0', 9), { description: 'Kept by Xenia' }) // prettier-ignore
    // Whoever comes before the names are there waits for nothing, and has the built-in embedder's words.
    const { id, description } = indexed.body
    expect(description).toMatch(/^(?!Probably: duck).*landscape-format/)
    await until(
      () => model.counts()[1],
      (texts) => texts > 600,
    )
    await child.kill('SIGKILL')
    const before = model.counts()[1]

    model.behaviour = { shows, dimensions: 384 }
    const poor = await start({ ...priced, OPENAI_MONTHLY_BUDGET_USD: '20' })
    // What it left is gone on with, with no picture that asks for it; the budget ends that, and nothing else.
    const stopped = await until(
      async () => (await getHealth(poor.url)).body.checks.embedder.detail,
      (detail) => /tried again, for: .*budget/i.test(detail),
    )
    expect(stopped).toMatch(/Names .* made ready: \d{3,} of/)
    expect((await recordOf(poor.url, id)).description).toBe(description)
    const usage = (await getJson<UsageReport>(`${poor.url}/api/usage`)).body
    expect(usage.total.estimated_usd).toBeGreaterThan(19)

    const rich = await start({ ...priced, OPENAI_MONTHLY_BUDGET_USD: '200' })
    const later = await until(
      () => recordOf(rich.url, id),
      (record) => record.description.startsWith('Probably: duck, pond'),
    )
    expect(later.indexed_at).toBe(indexed.body.indexed_at)
    const kept = await until(
      () => recordOf(rich.url, own.body.id),
      ({ tags }) => tags.includes('duck'),
    )
    expect(kept).toMatchObject({ description: 'Kept by Xenia', tags: later.tags })
    const [pictures, texts] = model.counts()
    expect(before).toBeLessThan(texts - 1000)
    // The self-test at each start, and a call that was under way.
    expect(texts).toBeLessThanOrEqual(prompts + 3 * 4 + 2 * 64)
    expect(pictures).toBeLessThanOrEqual(meaninglessPictures + 3 * 2 + 4)
    expect(await estimateAt(rich.url)).toBeLessThan(0.1)
    const told = await rich.index(await picture('200,0,0', 40))
    expect(told.body.description).toMatch(/^Probably: duck, pond/)
    // Once they are there, nothing of them is asked any more.
    expect(model.counts()[1]).toBe(texts)
  },
)
