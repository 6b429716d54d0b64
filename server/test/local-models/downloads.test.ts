import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Info } from '@lookalike/sdk'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FakeHub } from '../fakes/model-hub.ts'
import { getJson, startServer, type TestServer } from '../support/server.ts'
import { jpeg } from '../support/pictures.ts'
import { tinyModel } from '../support/tiny-model.ts'
import { folderWithRuntime, haveRuntime } from './runtime.ts'

const clip = tinyModel('clip')
/** What is sent in many pieces: of the last ones, a connection that breaks off loses some. */
const largeClip = tinyModel('clip', { about: 3_000_000 })
const network = 'onnx/vision_model_quantized.onnx'
const revision = 'c0ffee000000'

describe.skipIf(!haveRuntime)('files of a model', () => {
  let hub: FakeHub
  let server: TestServer | undefined
  const folders: string[] = []
  beforeEach(async () => {
    const { [network]: _, ...withoutVision } = clip
    const picturesOnly = { 'config.json': clip['config.json']! }
    const odd = { ...clip, 'config.json': Buffer.from('{"model_type":"whisper"}') }
    hub = await new FakeHub({
      'tiny/clip': clip,
      'tiny/large': largeClip,
      'tiny/no-vision': withoutVision,
      'tiny/no-onnx': picturesOnly,
      'tiny/whisper': odd,
    }).start()
  })
  afterEach(async () => {
    await server?.stop()
    server = undefined
    await hub.stop()
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
  })

  async function dataFolder(): Promise<string> {
    const folder = await folderWithRuntime()
    folders.push(folder)
    return folder
  }

  async function start(dataDir: string, env: Record<string, string> = {}): Promise<TestServer> {
    await server?.stop()
    server = undefined
    server = await startServer({
      DATA_DIR: dataDir,
      EMBEDDER: 'local',
      LOCAL_MODEL: 'tiny/clip',
      HF_ENDPOINT: hub.origin,
      GRAPH: 'none',
      ...env,
    })
    return server
  }

  test('are fetched once, of one revision, and are used where they lie', async () => {
    const first = await dataFolder()
    const { url } = await start(first, { HF_TOKEN: 'hf_secret' })
    const { id } = (await getJson<Info>(`${url}/api/info`)).body.embedder
    expect(id).toBe(`local:tiny/clip#${revision}:q8@8`)
    expect(hub.fetched().toSorted()).toEqual([
      'config.json',
      'onnx/text_model_quantized.onnx',
      network,
      'preprocessor_config.json',
      'tokenizer.json',
      'tokenizer_config.json',
    ])
    expect(new Set(hub.requests.map(({ key }) => key))).toEqual(new Set(['Bearer hf_secret']))
    // The branch has gone on; the model has not.
    hub.commit = 'decade'.padEnd(40, '0')
    const before = hub.requests.length
    const again = await start(first)
    expect((await getJson<Info>(`${again.url}/api/info`)).body.embedder.id).toBe(id)
    expect(hub.requests.length).toBe(before)
    // Copied to a machine without a network.
    const second = await dataFolder()
    const model = 'models/tiny/clip'
    await cp(join(first, model), join(second, model), { recursive: true })
    await hub.stop()
    const elsewhere = await start(second, { LOCAL_OFFLINE: 'true' })
    expect((await getJson<Info>(`${elsewhere.url}/api/info`)).body.embedder.id).toBe(id)
    expect((await elsewhere.search(await jpeg(1))).status).toBe(200)
    // As a folder of one's own, with nothing but the model's files.
    await rm(join(second, model, 'lookalike.json'))
    const own = await start(await dataFolder(), { LOCAL_MODEL: join(second, model) })
    const ownId = (await getJson<Info>(`${own.url}/api/info`)).body.embedder.id
    expect(ownId).toMatch(/^local:clip#copied-[0-9a-f]{12}:q8@8$/)
  })

  test('are gone on with where the connection broke off, also after another start', async () => {
    const large = { LOCAL_MODEL: 'tiny/large' }
    const begins = () =>
      hub.requests.filter(({ path }) => path.endsWith(network)).map(({ from }) => from)
    hub.behaviour = { breakOff: { bytes: 600_000, times: 2 } }
    await start(await dataFolder(), large)
    const [first, second, third, more] = begins()
    expect([first, more]).toEqual([0, undefined])
    expect(second).toBeGreaterThan(0)
    expect(third).toBeGreaterThan(second!)
    const other = await dataFolder()
    hub.behaviour = { breakOff: { bytes: 400_000, times: 4 } }
    await expect(start(other, large)).rejects.toThrow(/broke off 4 times.*is kept.*start again/)
    hub.behaviour = {}
    hub.requests.length = 0
    await start(other, large)
    expect(begins()).toEqual([expect.any(Number)])
    expect(begins()[0]).toBeGreaterThan(400_000)
    const arrived = await readFile(join(other, 'models/tiny/large', network))
    expect(arrived.equals(largeClip[network]!)).toBe(true)
  })

  test.each<[string, FakeHub['behaviour'], Record<string, string>, RegExp]>([
    ['others than listed', { lieAbout: network }, {}, /another content than.*thrown away.*Start again/], // prettier-ignore
    ['small ones, others than listed', { lieAbout: 'tokenizer.json' }, {}, /tokenizer\.json.*another content/], // prettier-ignore
    ['exchanged on the way', { exchange: network }, {}, /another content than/],
    ['too large for the disk', { oversize: { path: network, bytes: 9e15 } }, {}, /disk that holds DATA_DIR lacks \d+ MB/], // prettier-ignore
    ['of a hub with trouble', { refuse: { path: /resolve/, status: 503 } }, {}, /answered 503.*later.*HF_ENDPOINT/], // prettier-ignore
    ['of a model with a licence', { refuse: { path: /resolve/, status: 403 } }, {}, /accepted.*HF_TOKEN/], // prettier-ignore
    ['of something else', { refuse: { path: /tree/, status: 200 } }, {}, /does not answer as huggingface/], // prettier-ignore
    ['of an unknown model', {}, { LOCAL_MODEL: 'tiny/none' }, /no such model.*HF_TOKEN/],
    [
      'of an unknown revision',
      {},
      { LOCAL_MODEL: 'tiny/clip@v2' },
      /revision\/v2.*404.*LOCAL_MODEL/,
    ],
    ['of an unknown name', {}, { LOCAL_MODEL: 'dino' }, /no model is called dino.*dinov2-small/],
    ['of another kind', {}, { LOCAL_MODEL: 'tiny/whisper' }, /of the kind whisper.*clip, siglip/],
    ['without a network', {}, { LOCAL_MODEL: 'tiny/no-onnx' }, /no preprocessor_config\.json.*no ONNX file/], // prettier-ignore
    ['without one of its networks', {}, { LOCAL_MODEL: 'tiny/no-vision' }, /no onnx\/vision_model_quantized\.onnx.*q8.*It has onnx\/text_model_quantized/], // prettier-ignore
    ['without that precision', {}, { LOCAL_PRECISION: 'fp16' }, /no onnx\/vision_model_fp16\.onnx.*fp16.*another LOCAL_PRECISION/], // prettier-ignore
    ['that may not be fetched', {}, { LOCAL_OFFLINE: 'true' }, /lacks config\.json.*LOCAL_OFFLINE/],
    ['of a folder that is empty', {}, { LOCAL_MODEL: './nowhere' }, /lacks config\.json.*used as it is/], // prettier-ignore
  ])(
    'that are %s keep the server from starting, with what to do',
    async (_name, behaviour, env, message) => {
      hub.behaviour = behaviour
      await expect(start(await dataFolder(), env)).rejects.toThrow(message)
    },
  )

  test('of a hub that is gone: where else they may come from', async () => {
    await hub.stop()
    await expect(start(await dataFolder())).rejects.toThrow(
      /cannot be reached.*HF_ENDPOINT.*HTTPS_PROXY.*copy the folder models.*LOCAL_OFFLINE/,
    )
  })

  test('that were changed since they arrived are not loaded', async () => {
    const dataDir = await dataFolder()
    await start(dataDir)
    await writeFile(join(dataDir, 'models/tiny/clip', network), Buffer.alloc(300, 1))
    const { search, url } = await start(dataDir)
    const refused = await search(await jpeg(1))
    expect([refused.status, refused.body.code]).toEqual([502, 'provider_rejected'])
    expect(refused.body.detail).toMatch(/vision_model_quantized.*not what it was.*Delete it/)
    expect(refused.body.detail).not.toContain(dataDir)
    const health = await (await fetch(`${url}/api/health`)).json()
    expect(JSON.stringify(health)).toMatch(/models cannot be used/)
    await rm(join(dataDir, 'models/tiny/clip', network))
    expect((await (await start(dataDir)).search(await jpeg(1))).status).toBe(200)
  })
})
