import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { promisify } from 'node:util'
import type { Info, ReindexPlan, SearchResponse } from '@lookalike/sdk'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { meaninglessPicture, meaninglessPictures } from '../../src/names/meaningless.ts'
import { selfTestPictures } from '../../src/embedders/self-test.ts'
import { promptOf } from '../../src/names/prompts.ts'
import { wholeVocabulary } from '../../src/names/vocabulary.ts'
import { FakeHub } from '../fakes/model-hub.ts'
import { recordsAt, reindex } from '../support/reindexing.ts'
import { getHealth, getJson, sendJson, startServer, type TestServer } from '../support/server.ts'
import { type Drawing, paddingShare, tinyModel, wordyModel } from '../support/tiny-model.ts'
import { folderWithRuntime, haveRuntime } from './runtime.ts'

const revision = 'c0ffee000000'

describe.skipIf(!haveRuntime)('models on this machine', () => {
  let hub: FakeHub
  let server: TestServer | undefined
  let dataDir: string
  beforeAll(async () => {
    dataDir = await folderWithRuntime()
    hub = await new FakeHub({
      'tiny/clip': tinyModel('clip'),
      'tiny/siglip': tinyModel('siglip'),
      'tiny/dino': tinyModel('dinov2'),
      'tiny/wordy': wordyModel(
        wholeVocabulary().flatMap((entry) => promptOf(entry).split(' ')),
        {
          red: selfTestPictures[0]!,
          blue: selfTestPictures[1]!,
          duck: chequered('#ffe000', '#0040ff'),
          desert: chequered('#ff0080', '#00ff60'),
        },
      ),
      'tiny/broken': tinyModel('siglip', { broken: true }),
    }).start()
  })
  afterAll(async () => {
    await server?.stop()
    await hub?.stop()
    await rm(dataDir, { recursive: true, force: true })
  })

  async function start(model: string, env: Record<string, string> = {}): Promise<TestServer> {
    await server?.stop()
    server = undefined
    server = await startServer({
      DATA_DIR: dataDir,
      EMBEDDER: 'local',
      LOCAL_MODEL: model,
      HF_ENDPOINT: hub.origin,
      GRAPH: 'none',
      NAMES_BY_MODEL: 'false',
      ...env,
    })
    return server
  }

  const words = (url: string, query: string) =>
    sendJson<SearchResponse>('POST', `${url}/api/images/search-text`, { query })

  async function infoAt(url: string): Promise<Info['embedder']> {
    return (await getJson<Info>(`${url}/api/info`)).body.embedder
  }

  /** Scores by the name that each picture was indexed under. */
  async function scoresOf(url: string, query: string): Promise<Record<string, number>> {
    const { body } = await words(url, query)
    return Object.fromEntries(
      body.results.map(({ image_uri, score }) => [image_uri.split('/').at(-1)!, score]),
    )
  }

  /** Three times as wide as high: a colour in the middle third, another on both sides. */
  function striped(middle: string, sides: string): Promise<Buffer> {
    const inner = { create: { width: 100, height: 100, channels: 3 as const, background: middle } }
    return sharp({ create: { width: 300, height: 100, channels: 3, background: sides } })
      .composite([{ input: inner, left: 100, top: 0 }])
      .png()
      .toBuffer()
  }

  async function index(on: TestServer, name: string, picture: Buffer): Promise<void> {
    const { status } = await on.index(picture, { image_uri: `http://example.org/${name}` })
    expect(status).toBe(201)
  }

  const unit = (vector: number[]) => vector.map((value) => value / Math.hypot(...vector))

  test('a library moves to a pair, to each of the two, and back; each answers until then', async () => {
    const visual = await start('', { EMBEDDER: 'visual' })
    await index(visual, 'green-in-blue', await striped('#00ff00', '#0000ff'))
    await index(visual, 'red', await striped('#ff0000', '#ff0000'))
    await index(visual, 'blue', await striped('#0000ff', '#0000ff'))
    const before = await recordsAt(visual.url)

    const pair = await start('tiny/dino+tiny/siglip')
    const dryRun = { dry_run: true }
    const plan = await sendJson<ReindexPlan>('POST', `${pair.url}/api/reindex`, dryRun)
    expect(plan.body).toMatchObject({ embed: 3, describe: 0, estimated_usd: 0, basis: 'measured' })
    expect(await reindex(pair.url)).toMatchObject({ state: 'complete' })
    expect(await infoAt(pair.url)).toMatchObject({
      id: `local:tiny/dino#${revision}:q8+tiny/siglip#${revision}:q8@16`,
      dimensions: 16,
      text: 'any',
    })
    const described = (await recordsAt(pair.url)).get('http://example.org/red')!
    expect(described.description).toBe(before.get('http://example.org/red')!.description)
    // Half of the length is the other model's, in which words have no part; the padding is told by its share.
    const padded = unit([1, 0, 0, 61 * paddingShare])[0]! * Math.SQRT1_2
    expect((await scoresOf(pair.url, 'a RED square'))['red']).toBeCloseTo(padded, 4)

    const siglip = await start('tiny/siglip')
    // The pair goes on until its library is re-embedded.
    expect((await infoAt(siglip.url)).id).toContain('tiny/dino#')
    expect((await scoresOf(siglip.url, 'red'))['red']).toBeCloseTo(
      unit([1, 0, 0, 63 * paddingShare])[0]! * Math.SQRT1_2,
      4,
    )
    expect(await reindex(siglip.url)).toMatchObject({ state: 'complete' })
    // Squashed to a square: a third is green, in the middle of each half, and none is cut away.
    const text = unit([0, 1, 0, 0, 0, 0, 0, 63 * paddingShare])
    const scores = await scoresOf(siglip.url, 'green')
    expect(scores['green-in-blue']).toBeCloseTo(text[1]! * unit([0, 1 / 3, 2 / 3])[1]!, 2)

    const clip = await start('tiny/clip')
    expect(await reindex(clip.url)).toMatchObject({ state: 'complete' })
    // The shorter edge is scaled and the middle cut out: nothing but green is left, but for a soft edge.
    expect((await scoresOf(clip.url, 'green'))['green-in-blue']).toBeGreaterThan(0.99)
    // It was trained on letters as they are, so they stay.
    expect((await scoresOf(clip.url, 'GREEN'))['green-in-blue']).toBeLessThan(0.2)

    const dino = await start('tiny/dino')
    expect(await reindex(dino.url)).toMatchObject({ state: 'complete' })
    expect((await infoAt(dino.url)).text).toBe('none')
    expect((await words(dino.url, 'zebra')).body.code).toBe('unsupported')
    expect((await getHealth(dino.url)).body.checks.embedder.detail).toMatch(/pictures and no words/)
    const found = await dino.search(await striped('#ff1010', '#ff1010'))
    expect(found.body.results[0]!.image_uri).toMatch(/red$/)

    await hub.stop()
    const back = await start('', { EMBEDDER: 'visual' })
    expect((await back.search(await striped('#fe1111', '#fe1111'))).body.total_found).toBe(3)
    expect(await reindex(back.url)).toMatchObject({ state: 'complete' })
    await hub.start()
  })

  test('a process that is killed is started again, and nothing that was asked is lost', async () => {
    const { index: add, search, url } = await start('tiny/clip', { LOCAL_THREADS: '1' })
    await reindex(url)
    expect((await add(await striped('#123456', '#654321'))).status).toBe(201)
    for (let round = 0; round < 2; round++) {
      const asked = Array.from({ length: 4 }, async (_, at) =>
        search(await striped(`#${round}1${at}0${at}0`, '#808080')),
      )
      expect(await killSessions()).toBeGreaterThan(0)
      expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200, 200, 200])
    }
    expect((await getHealth(url)).body.checks.embedder.detail).toMatch(/loaded; that took/)
  })

  test('a picture gets the names that its model puts beside it, and noise gets none', async () => {
    const own = await folderWithRuntime()
    const {
      index: add,
      search,
      url,
    } = await start('tiny/wordy', {
      DATA_DIR: own,
      NAMES_BY_MODEL: 'true',
    })
    const yellow = await pngOf(chequered('#ffe000', '#0040ff'))
    const early = await add(yellow, { image_uri: 'http://example.org/yellow' })
    expect(early.body.description).toMatch(/square picture/)
    const record = async () => (await recordsAt(url)).get('http://example.org/yellow')!
    await expect.poll(async () => (await record()).tags, { timeout: 60_000 }).toContain('duck')
    const { description, tags } = await record()
    expect(description).toMatch(/^Probably: duck\b.*\. A square picture, mostly blue/)
    expect(tags).toEqual(expect.arrayContaining(['duck', 'waterfowl', 'bird', 'animal']))
    const other = await search(await pngOf(chequered('#ff0080', '#00ff60')))
    expect(other.body.query_image).toMatch(/^Probably: .*\bdesert\b/)
    const said: string[] = []
    for (let number = meaninglessPictures; number < meaninglessPictures + 10; number++) {
      said.push((await search(await pngOf(meaninglessPicture(number)))).body.query_image!)
    }
    // Chance is allowed one of 49, for each of six sorts.
    expect(said.filter((each) => each.startsWith('Probably: ')).length).toBeLessThanOrEqual(3)
    const german = await words(url, 'Ente')
    expect(german.body.results[0]).toMatchObject({ image_uri: 'http://example.org/yellow', found_by: 'words' }) // prettier-ignore
    await server!.stop()
    server = undefined
    await rm(own, { recursive: true, force: true })
  }, 120_000)

  test('a model whose words do not fit its pictures is refused', async () => {
    await expect(start('tiny/broken')).rejects.toThrow(
      /tiny\/broken.*fails the self-test.*a blue circle.*Choose another LOCAL_MODEL/,
    )
  })

  test('what this machine has not is refused', async () => {
    await expect(
      start('tiny/clip', { LOCAL_DEVICE: 'cuda', LOCAL_PRECISION: 'fp32' }),
    ).rejects.toThrow(/cannot be used: .*LOCAL_DEVICE/)
  })
})

/** Four by four fields in two colours. */
function chequered(one: string, other: string): Drawing {
  const [width, height] = [80, 80]
  const rgb = new Uint8Array(width * height * 3)
  for (let at = 0; at < width * height; at++) {
    const field = Math.floor((at % width) / 20) + Math.floor(at / width / 20)
    rgb.set(Buffer.from((field % 2 ? other : one).slice(1), 'hex'), at * 3)
  }
  return { rgb, width, height }
}

function pngOf({ rgb, width, height }: Drawing): Promise<Buffer> {
  return sharp(rgb, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
}

/** Ends the processes with models that this one has started. */
async function killSessions(): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,args='])
  const own = stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, ...args]) => Number(parent) === process.pid && args.join(' ').includes('session-worker')) // prettier-ignore
  for (const [pid] of own) process.kill(Number(pid), 'SIGKILL')
  return own.length
}
