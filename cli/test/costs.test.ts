import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startFakeOpenAi, type FakeOpenAi } from '../../server/test/fakes/openai.ts'
import { openAiSettings } from '../../server/test/support/openai-settings.ts'
import { jpeg } from '../../server/test/support/pictures.ts'
import { startServer, type TestServer } from '../../server/test/support/server.ts'
import { cli } from './support/cli.ts'
import { drawPictures, libraryOf, temporaryFolder, type Folder } from './support/library.ts'

let openai: FakeOpenAi
let server: TestServer
let folder: Folder
beforeEach(async () => {
  openai = await startFakeOpenAi()
  folder = await temporaryFolder()
})
afterEach(async () => {
  vi.useRealTimers()
  await server.stop()
  await openai.stop()
  await folder.remove()
})

async function start(env: Record<string, string> = {}) {
  server = await startServer(openAiSettings(openai, env))
}

/** Someone at a terminal who answers `answer`, and what they were asked. */
function person(answer: string) {
  const asked: string[] = []
  const ask = async (question: string) => {
    asked.push(question)
    return answer
  }
  return { asked, terminal: { ask } }
}

test('an import says what it will cost, and pays only for what a person agrees to', async () => {
  await start()
  await drawPictures(folder, 'in', 3)
  await folder.write('in/twin.jpg', await jpeg(0, 64, 48))
  const pictures = join(folder.path, 'in')

  const no = person('n')
  const declined = await cli(server.url, ['import', pictures], no.terminal)
  expect(declined).toMatchObject({ code: 0, out: '' })
  expect(declined.err).toMatch(/^3 new pictures: about \$0\.0\d{3}, less than a minute \(by typical figures, .+\)\.\nNothing was sent\.\n$/) // prettier-ignore
  expect(no.asked).toEqual(['Go ahead? [y/N] '])
  expect([await libraryOf(server.url), openai.calls()]).toEqual([[], [0, 0]])

  const yes = person('y')
  const agreed = await cli(server.url, ['import', pictures], yes.terminal)
  expect(agreed).toMatchObject({ code: 0, out: expect.stringContaining('4 sent') })
  expect(openai.calls()[0]).toBe(3)

  // Nothing new is nothing to pay.
  const again = await cli(server.url, ['import', pictures], yes.terminal)
  expect(again).toMatchObject({ code: 0, err: '', out: expect.stringContaining('4 unchanged') })
  expect(yes.asked).toHaveLength(1)
})

test('without a terminal nothing is paid, unless --yes was said', async () => {
  await start()
  await drawPictures(folder, 'in', 1)
  const script = await cli(server.url, ['import', join(folder.path, 'in')])
  expect(script).toMatchObject({ code: 1, out: '' })
  expect(script.err).toMatch(/^1 new picture: about \$.*\nlookalike: Nothing was sent: there is no terminal to ask at\. Add --yes to go ahead\./) // prettier-ignore
  expect([await libraryOf(server.url), openai.calls()]).toEqual([[], [0, 0]])
  const scripted = await cli(server.url, ['import', join(folder.path, 'in'), '--yes'])
  expect(scripted).toMatchObject({ code: 0, out: expect.stringContaining('1 sent') })
  // What is there already is not paid again, and needs no agreement.
  const again = await cli(server.url, ['import', join(folder.path, 'in')])
  expect(again).toMatchObject({ code: 0, out: expect.stringContaining('1 unchanged') })
  // What arrives under --watch would be paid later.
  const watching = await cli(server.url, ['import', join(folder.path, 'in'), '--watch'])
  expect(watching).toMatchObject({ code: 1, err: expect.stringContaining('Nothing was sent') })
  const watcher = person('n')
  await cli(server.url, ['import', join(folder.path, 'in'), '--watch'], watcher.terminal)
  expect(watcher.asked).toEqual(['Go ahead, and pay for what arrives later? [y/N] '])
  await drawPictures(folder, 'more', 1, 7)
  const sure = person('n')
  const said = await cli(server.url, ['import', join(folder.path, 'more'), '--yes'], sure.terminal)
  expect(said).toMatchObject({ code: 0, out: expect.stringContaining('1 sent') })
  expect(said.err).toMatch(/^1 new picture: about \$.* \(by this server's calls so far\)\.\n$/)
  expect(sure.asked).toEqual([])
})

test('an import beyond the budget is warned of', async () => {
  await start({ OPENAI_MONTHLY_BUDGET_USD: '0.001' })
  await drawPictures(folder, 'in', 3)
  const { err } = await cli(server.url, ['import', join(folder.path, 'in')], person('n').terminal)
  expect(err).toContain("This month's budget leaves $0.0010: the rest will be refused.\n")
})

test('nothing is said of money where no model is paid', async () => {
  await start({ EMBEDDER: 'visual' })
  await drawPictures(folder, 'in', 1)
  const { err } = await cli(server.url, ['import', join(folder.path, 'in')], person('n').terminal)
  expect(err).toBe('')
  expect((await cli(server.url, ['status'])).out).not.toMatch(/budget|MODEL/)
  expect(JSON.parse((await cli(server.url, ['--json', 'status'])).out)).toMatchObject({
    usage: null,
  })
})

test('status tells what models were asked today and this month, and what the budget leaves', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-10-31T12:00:00Z') })
  await start({ OPENAI_MONTHLY_BUDGET_USD: '5' })
  expect((await cli(server.url, ['status'])).out).toContain('No model has been asked this month.')
  await server.search(await jpeg(1))
  vi.setSystemTime(new Date('2026-11-01T12:00:00Z'))
  for (const seed of [2, 3]) await server.search(await jpeg(seed))
  vi.setSystemTime(new Date('2026-11-02T12:00:00Z'))
  await server.search(await jpeg(4))

  const { out } = await cli(server.url, ['status'])
  // What the fake says a picture takes: 800 tokens in and 60 out to describe, 12 to embed.
  expect(out).toMatch(/budget +\$4\.99 left of \$5\.00 this month; \$0\.0078 spent\n/)
  const lines = out.split('\n').map((line) => line.split(/ {2,}/))
  expect(lines.slice(-5)).toEqual([
    ['MODEL', 'CALLS TODAY', 'TOKENS', 'COST', 'CALLS THIS MONTH', 'TOKENS', 'COST'],
    ['gpt-4o', '1', '860', '$0.0026', '3', '2580', '$0.0078'],
    ['text-embedding-3-large', '1', '12', 'under $0.0001', '3', '36', 'under $0.0001'],
    ['all', '2', '872', '$0.0026', '6', '2616', '$0.0078'],
    [''],
  ])
  const json = JSON.parse((await cli(server.url, ['--json', 'status'])).out) as { usage: unknown }
  expect(json.usage).toMatchObject({ total: { calls: 8 }, month: { budget_usd: 5 } })
})
