import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type FakeOpenAi, startFakeOpenAi } from '../fakes/openai.ts'
import { startSparqlEndpoint } from '../fakes/sparql-endpoint.ts'
import { openAiSettings } from '../support/openai-settings.ts'
import { jpeg } from '../support/pictures.ts'
import { getHealth, startServer, type TestServer } from '../support/server.ts'

let folder: string
let openai: FakeOpenAi | undefined
const servers: TestServer[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
})
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop()
  await openai?.stop()
  openai = undefined
  await rm(folder, { recursive: true, force: true })
})

async function start(env: Record<string, string> = {}) {
  const server = await startServer({ DATA_DIR: join(folder, 'data'), ...env })
  servers.push(server)
  return server
}

test('a server that is well says what it has room for', async () => {
  const { url } = await start()
  const { status, body } = await getHealth(url)
  expect([status, body.status]).toEqual([200, 'ok'])
  expect(body.checks.disk.free_bytes).toBeGreaterThan(0)
  for (const check of Object.values(body.checks)) expect(check).toMatchObject({ status: 'ok' })
})

test('a provider that is given a rest is named, with what it did last', async () => {
  openai = await startFakeOpenAi()
  const { url, search } = await start(openAiSettings(openai))
  openai.behave({ fail: { status: 500, times: 999, retryAfter: 0 } })
  for (let time = 0; time < 5; time++) await search(await jpeg(1))
  const { status, body } = await getHealth(url)
  expect([status, body.status]).toEqual([200, 'degraded'])
  expect(body.checks.embedder).toMatchObject({
    status: 'degraded',
    detail: expect.stringMatching(/failed 5 times in a row.+Try again in \d+ s/),
    last_error: { code: 'provider_unavailable' },
  })
  const ago = Date.now() - Date.parse(body.checks.embedder.last_error!.at)
  expect(ago).toBeLessThan(60_000)
})

test('files that are gone and a graph that is dead make it less than well', async () => {
  const endpoint = await startSparqlEndpoint()
  const { url, index } = await start({ GRAPH: 'sparql', SPARQL_ENDPOINT: endpoint.url })
  expect((await getHealth(url)).body.status).toBe('ok')
  await endpoint.stop()
  const without = await getHealth(url)
  expect([without.status, without.body.status]).toEqual([200, 'degraded'])
  expect(without.body.checks.graph!.status).toBe('unavailable')
  await rm(join(folder, 'data', 'files'), { recursive: true })
  expect((await index(await jpeg(1))).status).toBe(503)
  const { files } = (await getHealth(url)).body.checks
  expect(files).toMatchObject({ status: 'unavailable', last_error: { code: 'files_unavailable' } })
})

test('a page that was damaged while nobody looked is found', async () => {
  const first = await start()
  await first.services.deps.store.close()
  await servers.pop()!.stop()
  const path = join(folder, 'data', 'library.db')
  damageOnePage(path)
  const { url, services } = await start()
  await services.pages.run()
  const { body } = await getHealth(url)
  expect([body.status, body.checks.databases?.status]).toEqual(['degraded', 'degraded'])
  expect(body.checks.databases!.detail).toMatch(/^library\.db has damaged pages \(.+backup/)
})

/** Fills a page in the middle of the file with noise, as a failing disk does. */
function damageOnePage(path: string): void {
  const database = new DatabaseSync(path)
  database.exec('CREATE TABLE padding (line TEXT)')
  const insert = database.prepare('INSERT INTO padding VALUES (?)')
  for (let line = 0; line < 300; line++) insert.run('x'.repeat(1000))
  const { page } = database.prepare("SELECT rootpage + 5 AS page FROM sqlite_schema WHERE name = 'padding'").get()! // prettier-ignore
  database.close()
  const size = readFileSync(path).readUInt16BE(16)
  const file = openSync(path, 'r+')
  writeSync(file, Buffer.alloc(size, 0xaa), 0, size, (Number(page) - 1) * size)
  closeSync(file)
}
