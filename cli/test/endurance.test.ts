import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startProcess } from '../../server/test/support/process.ts'
import { startServer, type TestServer } from '../../server/test/support/server.ts'
import { cli, spawnCli } from './support/cli.ts'
import {
  drawPictures,
  expectWhole,
  libraryOf,
  temporaryFolder,
  type Folder,
} from './support/library.ts'
import { freePort } from './support/free-port.ts'
import { startProxy } from './support/proxy.ts'

let folder: Folder
const stops: (() => unknown)[] = []
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(async () => {
  for (const stop of stops.splice(0).toReversed()) await stop()
  await folder.remove()
})

async function start(): Promise<TestServer> {
  const server = await startServer()
  stops.push(() => server.stop())
  return server
}

async function startBetween(...args: Parameters<typeof startProxy>) {
  const proxy = await startProxy(...args)
  stops.push(() => proxy.stop())
  return proxy
}

test('a server that is busy is given the time it asks for', async () => {
  const server = await start()
  await drawPictures(folder, '.', 6)
  let refusals = 0
  const refusedAt: number[] = []
  const allowedAt: number[] = []
  const proxy = await startBetween(server.url, ({ path }, response) => {
    if (path !== '/api/images/index') return
    if (refusals++ >= 2) return allowedAt.push(Date.now())
    refusedAt.push(Date.now())
    const status = refusals === 1 ? 429 : 503
    response.writeHead(status, { 'content-type': 'application/problem+json', 'retry-after': '1' })
    const problem = { title: 'Busy', detail: 'Later.', code: 'overloaded', status, retryable: true }
    response.end(JSON.stringify(problem))
  })
  const ran = await cli(proxy.url, ['import', folder.path, '--concurrency', '1'])
  expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('6 sent') })
  expect(refusedAt[1]! - refusedAt[0]!).toBeGreaterThanOrEqual(990)
  expect(allowedAt[0]! - refusedAt[1]!).toBeGreaterThanOrEqual(990)
})

test('a model that is slow with one picture is asked three times, and the others go on', async () => {
  const server = await start()
  await drawPictures(folder, '.', 3)
  const asked = { slow: 0, hopeless: 0 }
  const proxy = await startBetween(server.url, ({ path }, response, body) => {
    if (path !== '/api/images/index') return
    const name = body.includes('0.jpg') ? 'slow' : body.includes('1.jpg') ? 'hopeless' : null
    if (!name || (++asked[name] > 2 && name === 'slow')) return
    response.writeHead(500, { 'content-type': 'application/problem+json' })
    const problem = { title: 'Slow', detail: 'Too slow.', code: 'provider_timeout', status: 500 }
    response.end(JSON.stringify({ ...problem, retryable: true }))
  })
  const { code, out, err } = await cli(proxy.url, ['import', folder.path])
  expect({ code, out, asked }).toEqual({
    code: 1,
    out: expect.stringContaining('2 sent, 1 failed'),
    asked: { slow: 3, hopeless: 3 },
  })
  expect(err).toMatch(/^lookalike: .*1\.jpg: Too slow\.\n$/)
})

test('no more pictures are in flight than asked for', async () => {
  const server = await start()
  await drawPictures(folder, '.', 12)
  let flying = 0
  let most = 0
  const full = Promise.withResolvers<void>()
  const proxy = await startBetween(server.url, async ({ path }, response) => {
    if (path !== '/api/images/index') return
    most = Math.max(most, ++flying)
    response.once('close', () => flying--)
    if (flying === 3) full.resolve()
    await full.promise
  })
  expect((await cli(proxy.url, ['import', folder.path, '--concurrency', '3'])).code).toBe(0)
  expect(most).toBe(3)
})

test('Ctrl-C finishes what is in flight, says how to go on, and the next run goes on', async () => {
  const server = await start()
  await drawPictures(folder, '.', 20)
  let program: ReturnType<typeof spawnCli> | undefined
  let sent = 0
  const proxy = await startBetween(server.url, ({ path }) => {
    if (path === '/api/images/index' && ++sent === 5) program!.kill('SIGINT')
  })
  program = spawnCli(proxy.url, ['import', folder.path, '--concurrency', '2'])
  const { code, out, err } = await program.ended
  expect(code).toBe(130)
  expect(err).toContain('Run the same command again to go on')
  const finished = (await libraryOf(server.url)).length
  expect(finished).toBeLessThan(20)
  expect(out).toContain(`${finished} sent`)
  expect(sent).toBe(finished)

  const { out: rest } = await cli(server.url, ['import', folder.path])
  expect(rest).toContain(`${20 - finished} sent, ${finished} unchanged`)
  await expectWhole(server.url, server.dataDir, 20)
})

test('killed again and again and resumed, each picture is there once', async () => {
  const server = await start()
  await drawPictures(folder, '.', 20)
  for (const after of [3, 5]) {
    let program: ReturnType<typeof spawnCli> | undefined
    let sent = 0
    const proxy = await startBetween(server.url, ({ path }) => {
      if (path === '/api/images/index' && ++sent === after) program!.kill('SIGKILL')
    })
    program = spawnCli(proxy.url, ['import', folder.path, '--concurrency', '2'])
    expect((await program.ended).code).toBe(-1)
  }
  expect((await cli(server.url, ['import', folder.path])).code).toBe(0)
  await expectWhole(server.url, server.dataDir, 20)
})

test('a server that dies and comes back finds the import waiting for it', async () => {
  await drawPictures(folder, 'in', 20)
  const env = { DATA_DIR: join(folder.path, 'data'), PORT: String(await freePort()) }
  const first = await startProcess(env, folder.path)
  stops.push(() => first.kill('SIGKILL'))
  let second: ReturnType<typeof startProcess> | undefined
  let sent = 0
  const proxy = await startBetween(first.url!, async ({ path }) => {
    if (path !== '/api/images/index' || ++sent !== 6) return
    await first.kill('SIGKILL')
    second = startProcess(env, folder.path)
  })
  const ran = await cli(proxy.url, ['import', join(folder.path, 'in'), '--concurrency', '2'])
  const { kill } = await second!
  stops.push(() => kill('SIGKILL'))
  expect(ran).toMatchObject({ code: 0, out: expect.stringContaining('20 sent') })
  await expectWhole(first.url!, env.DATA_DIR, 20)
})

test('a server that refuses everyone ends the import at once', async () => {
  await drawPictures(folder, '.', 5)
  const server = await startServer({ API_KEYS: 'secret' })
  stops.push(() => server.stop())
  const { code, err } = await cli(server.url, ['import', folder.path])
  expect(code).toBe(1)
  expect(err).toContain('LOOKALIKE_API_KEY')
})

test('what would fail for every picture ends the import at once, and says how to go on', async () => {
  await drawPictures(folder, '.', 10)
  const server = await start()
  const proxy = await startBetween(server.url, ({ path }, response) => {
    if (path !== '/api/images/index') return
    response.writeHead(507, { 'content-type': 'application/problem+json' })
    const problem = {
      title: 'Full',
      detail: 'The disk is full.',
      code: 'storage_full',
      retryable: true,
      status: 507,
    }
    response.end(JSON.stringify(problem))
  })
  const { code, err } = await cli(proxy.url, ['import', folder.path, '--concurrency', '2'])
  expect(code).toBe(1)
  expect(err).toMatch(/^lookalike: The disk is full\. Run the same command again/)
  expect(proxy.count('POST', '/api/images/index')).toBeLessThanOrEqual(2)
})
