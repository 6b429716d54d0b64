import { afterAll, beforeAll, expect, test } from 'vitest'
import { embedderId, vectorLength } from '../../server/src/embedders/visual/model/learned.ts'
import { startFakeOpenAi } from '../../server/test/fakes/openai.ts'
import { startServer, type TestServer } from '../../server/test/support/server.ts'
import { builtIn } from '../src/commands/plan.ts'
import { qdrantShape } from '../src/plan/capacity.ts'
import { cli } from './support/cli.ts'

let openai: Awaited<ReturnType<typeof startFakeOpenAi>>
let server: TestServer
beforeAll(async () => {
  openai = await startFakeOpenAi()
  server = await startServer({
    EMBEDDER: 'openai',
    OPENAI_API_KEY: 'sk-test',
    OPENAI_BASE_URL: openai.url,
  })
})
afterAll(async () => {
  await server.stop()
  await openai.stop()
})

test('without a server the built-in embedder is planned for', async () => {
  expect(builtIn).toEqual({ id: embedderId, dimensions: vectorLength })
  const { code, out } = await cli('http://127.0.0.1:9', ['plan', '--images', '1000000'])
  expect(code).toBe(0)
  expect(out).toMatch(/^STORE .*\nembedded +1\.2 GB +7\.9 GB +1 of 4 GB/)
  expect(out).toContain('no server answers, so the built-in one is assumed')
  expect(out).not.toContain('models')
})

test('the models of a server say what they take, and a cluster what it needs', async () => {
  const { out } = await cli(server.url, ['plan', '--images', '100000000', '--copies', '2'])
  expect(out).toMatch(/^STORE .*\nqdrant +190 GB +3\.1 TB .*=binary.*\nqdrant .*=scalar/m)
  expect(out).not.toContain('embedded ')
  expect(out).toMatch(/^models +about \$\d{3},\d{3} and \d+ days .*typical/m)
})

test('sizes are those of docs/scaling.md', () => {
  const wanted = { images: 1e6, dimensions: 1536, originalBytes: 1, megapixels: 1, copies: 1 }
  const gigabytes = (['f32', 'int8', 'binary'] as const).map((precision) => {
    const { memory, disk } = qdrantShape(wanted, precision)
    return [Number((memory / 1e9).toPrecision(2)), Math.round(disk / 1e9)]
  })
  expect(gigabytes).toEqual([
    [9.2, 15],
    [3, 18],
    [0.95, 16],
  ])
})

test('what is no size is refused', async () => {
  for (const args of [['--images', '0'], ['--images', '5', '--megabytes', '-1'], []]) {
    expect((await cli(server.url, ['plan', ...args])).code).toBe(2)
  }
})
