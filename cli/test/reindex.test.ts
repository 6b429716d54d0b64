import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ReindexPlan, ReindexStatus } from '@lookalike/sdk'
import { startFakeOpenAi, type FakeOpenAi } from '../../server/test/fakes/openai.ts'
import { openAiSettings } from '../../server/test/support/openai-settings.ts'
import { fill, statusAt } from '../../server/test/support/reindexing.ts'
import { startServer, type TestServer } from '../../server/test/support/server.ts'
import { cli, spawnCli } from './support/cli.ts'

let openai: FakeOpenAi
let server: TestServer
let dataDir: string
beforeEach(async () => {
  openai = await startFakeOpenAi()
  dataDir = await mkdtemp(join(tmpdir(), 'lookalike-reindex-'))
  // A library of one model, and a server whose settings name another.
  server = await startServer(openAiSettings(openai, { DATA_DIR: dataDir }))
  await fill(server.url, 4)
  await server.stop()
  server = await startServer(
    openAiSettings(openai, { DATA_DIR: dataDir, OPENAI_EMBEDDING_MODEL: 'text-embedding-3-small' }),
  )
})
afterEach(async () => {
  await server.stop()
  await openai.stop()
  await rm(dataDir, { recursive: true, force: true })
})

test('reindex says what it takes, asks, shows how far it is and how neighbours moved', async () => {
  const dry = await cli(server.url, ['reindex', '--dry-run'])
  expect(dry).toMatchObject({ code: 0, err: '' })
  expect(dry.out).toMatch(/^From openai:.*-large@1536 to openai:.*-small@1536\n4 pictures: 0 to describe, 4 to embed, 0 remembered\nIt takes under \$0\.0001 /) // prettier-ignore
  const plan = await cli(server.url, ['--json', 'reindex', '--dry-run'])
  expect(JSON.parse(plan.out) as ReindexPlan).toMatchObject({ records: 4, embed: 4 })

  const unasked = await cli(server.url, ['reindex'])
  expect(unasked).toMatchObject({ code: 1, out: '' })
  expect(unasked.err).toMatch(/Nothing was started: there is no terminal to ask at\. Add --yes/)
  expect(await cli(server.url, ['reindex'], { ask: async () => 'no' })).toMatchObject({ code: 0, out: '' }) // prettier-ignore
  expect((await statusAt(server.url)).state).toBe('none')

  const watched = { ask: async () => 'y', barColumns: 120 }
  const { code, out, err } = await cli(server.url, ['reindex'], watched)
  expect([code, out]).toEqual([0, expect.stringMatching(/^complete: 4 of 4 re-embedded from /)])
  expect(out).toMatch(
    /Of the ten nearest of 4 sampled pictures, 100 % stayed; \d kept the nearest\./,
  )
  expect(err).toMatch(/4\/4 .* ETA 0:00 {2}described 0, embedded 4, failed 0/)

  const again = await cli(server.url, ['reindex', '--yes'])
  expect(again).toMatchObject({
    code: 0,
    out: expect.stringMatching(/nothing to do\. New settings/),
  })
})

test('reindex tells which records fail and why, and leaves them out when it is told to', async () => {
  openai.behave({ refuseText: (await firstDescription())! })
  const failed = await cli(server.url, ['reindex', '--yes'])
  expect(failed.code).toBe(1)
  expect(failed.out).toMatch(/^failed: 3 of 4 .*\n {2}failed: http:\/\/example\.org\/\d: .*\n1 record cannot be re-embedded/) // prettier-ignore
  const done = await cli(server.url, ['reindex', '--yes', '--drop-failed'])
  expect(done.err).toContain('1 record known to fail')
  expect(done).toMatchObject({ code: 0, out: expect.stringMatching(/^complete: 3 of 4/) })
})

test('Ctrl-C leaves it to the server, and --stop stops it', async () => {
  openai.behave({ hold: () => new Promise(() => {}) })
  const program = spawnCli(server.url, ['reindex', '--yes'])
  await vi.waitUntil(async () => (await statusAt(server.url)).state === 'running', {
    timeout: 10_000,
  })
  program.kill('SIGINT')
  const { code, err } = await program.ended
  expect([code, err]).toEqual([130, expect.stringMatching(/server goes on.*reindex --stop/)])
  expect((await statusAt(server.url)).state).toBe('running')
  const stopped = await cli(server.url, ['--json', 'reindex', '--stop'])
  expect(JSON.parse(stopped.out) as ReindexStatus).toMatchObject({ state: 'stopped' })
})

async function firstDescription(): Promise<string | undefined> {
  const response = await fetch(`${server.url}/api/images?limit=1`)
  const { images } = (await response.json()) as { images: { description: string }[] }
  return images[0]?.description
}
