import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type FakeOpenAi, startFakeOpenAi } from '../fakes/openai.ts'
import { openAiSettings } from '../support/openai-settings.ts'
import { jpeg } from '../support/pictures.ts'
import { startProcess } from '../support/process.ts'
import { postForm } from '../support/server.ts'

let folder: string
let openai: FakeOpenAi | undefined
let running: Awaited<ReturnType<typeof startProcess>> | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
})
afterEach(async () => {
  await running?.kill('SIGKILL')
  await openai?.stop()
  openai = undefined
  await rm(folder, { recursive: true, force: true })
})

async function start(env: Record<string, string> = {}) {
  running = await startProcess({ DATA_DIR: join(folder, 'data'), ...env }, folder)
  return running as typeof running & { url: string }
}

/** A connection that has sent this much and no more. */
async function connection(url: string, text: string) {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  await new Promise<void>((resolve) => socket.once('connect', resolve))
  socket.on('error', () => {})
  if (text) socket.write(text)
  return socket
}

test('connections that nothing is owed to do not hold it up', async () => {
  const { url, kill } = await start()
  const sockets = await Promise.all([
    connection(url, ''),
    connection(url, 'GET /livez HTTP/1.1\r\nHost: localhost\r\n'),
    connection(url, 'GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n'),
    connection(
      url,
      'POST /api/images/lookup HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{',
    ),
  ])
  await setTimeout(200)
  const since = performance.now()
  expect(await kill('SIGTERM')).toBe(0)
  // One that stands still in the middle of its request is given two seconds.
  expect(performance.now() - since).toBeLessThan(8_000)
  for (const socket of sockets) socket.destroy()
})

test('what is under way is answered however long it takes; readiness turns first', async () => {
  openai = await startFakeOpenAi()
  let asked!: () => void
  const asking = new Promise<void>((resolve) => (asked = resolve))
  const held = Promise.withResolvers<void>()
  openai.behave({
    hold(kind) {
      if (kind === 'embedding') return undefined
      asked()
      return held.promise
    },
  })
  const { url, kill } = await start({ ...openAiSettings(openai), STOP_GRACE_S: '1' })
  const ready = () => fetch(`${url}/readyz`).then(({ status }) => status)
  expect(await ready()).toBe(200)
  const answer = postForm(`${url}/api/images/search-similar`, await jpeg(1), {})
  await asking
  const ended = kill('SIGTERM')
  await expect.poll(ready, { interval: 20 }).toBe(503)
  // Requests are still taken, for whoever has not noticed yet.
  expect((await fetch(`${url}/api/info`)).status).toBe(200)
  await expect.poll(() => ready().catch(() => 'closed'), { interval: 50 }).toBe('closed')
  held.resolve()
  expect((await answer).status).toBe(200)
  expect(await ended).toBe(0)
})

test.skipIf(process.platform === 'win32')(
  'SIGHUP takes over the log level that .env names',
  async () => {
    await writeFile(join(folder, '.env'), 'LOG_LEVEL=warn\n')
    const { url, kill, output, hangup } = await start()
    await fetch(`${url}/api/images/none`)
    expect(output()).not.toContain('incoming request')
    await writeFile(join(folder, '.env'), 'LOG_LEVEL=info\n')
    hangup()
    await expect.poll(output).toContain('The settings were read again: API_KEYS, LOG_LEVEL.')
    await fetch(`${url}/livez`)
    await expect.poll(output).toContain('incoming request')
    await writeFile(join(folder, '.env'), 'LOG_LEVEL=loud\n')
    hangup()
    await expect.poll(output).toContain('The settings hold as they were before.')
    expect(await kill('SIGTERM')).toBe(0)
  },
)
