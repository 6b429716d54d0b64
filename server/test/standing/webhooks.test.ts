import { createHmac } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { MadeSearch, StandingSearch } from '@lookalike/sdk'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordId } from '../../src/records/record-id.ts'
import { withoutSecrets } from '../../src/secrets.ts'
import { openState } from '../../src/state/state.ts'
import { Courier } from '../../src/webhooks/courier.ts'
import { sender } from '../../src/webhooks/send.ts'
import { startWebServer } from '../fakes/web-server.ts'
import { getJson, sendJson, startServer, type TestServer } from '../support/server.ts'
import { importAll, SyntheticLibrary } from '../support/synthetic-library.ts'
import { until } from '../support/until.ts'

const library = new SyntheticLibrary({ id: 'visual:3@224', dimensions: 224 }, { seed: 8 })
const fox = library.unrelated()
const uri = (name: string) => `http://example.org/${name}`

/** What a receiver got, and how it is to answer the next. */
let got: { headers: IncomingHttpHeaders; body: string }[] = []
let answers: number[] = []
let web: Awaited<ReturnType<typeof startWebServer>>
let server: TestServer
beforeAll(async () => {
  web = await startWebServer()
  web.serve('/hook', (response, request) => {
    void buffer(request).then((body) => {
      got.push({ headers: request.headers, body: body.toString() })
      response.writeHead(answers.shift() ?? 204).end()
    })
  })
  server = await startServer({ ALLOW_PRIVATE_URLS: '127.0.0.1/32' })
  const others = Array.from({ length: 100 }, (_, at) => library.record(uri(`other-${at}`), library.unrelated())) // prettier-ignore
  await importAll(server.url, [library.record(uri('fox'), fox), ...others])
})
afterAll(async () => {
  await server.stop()
  await web.stop()
})

async function add(webhook?: string) {
  const body = new FormData()
  body.set('name', 'Foxes')
  body.set('question', JSON.stringify({ parts: [{ id: recordId(uri('fox')) }] }))
  if (webhook) body.set('webhook', webhook)
  return getJson<MadeSearch>(`${server.url}/api/searches`, { method: 'POST', body })
}
/** As the specification has it, written down a second time. */
function signatureOf(secret: string, { headers, body }: (typeof got)[number]): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  return `v1,${createHmac('sha256', key).update(signed).digest('base64')}`
}
const webhookOf = async ({ id }: { id: string }) =>
  (await getJson<StandingSearch>(`${server.url}/api/searches/${id}`)).body.webhook

test('matches are sent once, signed, and the secret is told once', async () => {
  got = []
  const { body: made } = await add(`${web.url}/hook?token=hidden`)
  const secret = made.webhook_secret!
  expect(secret).toMatch(/^whsec_[\w+/]{43}=$/)
  expect(withoutSecrets(`secret ${secret}!`)).toBe('secret ***!')
  const later = JSON.stringify((await getJson(`${server.url}/api/searches/${made.id}`)).body)
  for (const hidden of [secret, 'token', '/hook']) expect(later).not.toContain(hidden)
  await importAll(server.url, [library.record(uri('new-fox'), library.related(fox, 0.75))])
  await until(() => got.length, (count) => count > 0) // prettier-ignore
  const [message] = got
  expect(message!.headers['webhook-signature']).toBe(signatureOf(secret, message!))
  expect(Math.abs(Number(message!.headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(60) // prettier-ignore
  expect(JSON.parse(message!.body)).toMatchObject({
    type: 'search.matched',
    timestamp: expect.any(String),
    data: {
      search: { id: made.id, name: 'Foxes' },
      matches: [{ id: recordId(uri('new-fox')), image_uri: uri('new-fox'), match: 'strong' }],
    },
  })
  await until(() => webhookOf(made), (webhook) => webhook?.waiting === 0) // prettier-ignore
  expect(got).toHaveLength(1)
  await getJson(`${server.url}/api/searches/${made.id}`, { method: 'DELETE' })
})

test('no other address is called than those that image_url may lead to, and no redirect is followed', async () => {
  for (const [url, code] of [
    ['http://10.0.0.1/', 'blocked_url'],
    ['http://[::1]/', 'blocked_url'],
    ['ftp://example.org/', 'blocked_url'],
    ['https://user:secret@example.org/', 'blocked_url'],
    ['nowhere', 'invalid_parameter'],
  ]) {
    const { status, body } = await add(url)
    expect([status, body.code]).toEqual([400, code])
  }
  got = []
  const { body: made } = await add()
  const redirecting = web.redirectTo(`${web.url}/hook`)
  const url = `${server.url}/api/searches/${made.id}`
  const set = await sendJson<MadeSearch>('PATCH', url, { webhook: redirecting })
  expect(set.body.webhook_secret).toMatch(/^whsec_/)
  await importAll(server.url, [library.record(uri('moved-fox'), library.related(fox, 0.75))])
  const failing = await until(() => webhookOf(made), (webhook) => webhook?.status !== 'ok') // prettier-ignore
  expect(failing).toMatchObject({ status: 'failing', waiting: 1 })
  expect(failing!.detail).toContain('302')
  expect(got).toEqual([])
  // Its name leads to this machine: known only when it is called.
  await sendJson('PATCH', url, { webhook: 'http://localhost:1/' })
  await importAll(server.url, [library.record(uri('local-fox'), library.related(fox, 0.75))])
  const stopped = await until(() => webhookOf(made), (webhook) => webhook?.status === 'stopped') // prettier-ignore
  expect(stopped!.detail).toContain('not public')
  const { checks } = (await getJson<{ checks: Record<string, { status: string }> }>(`${server.url}/api/health`)).body // prettier-ignore
  expect(checks['searches']).toMatchObject({ status: 'degraded' })
  expect((await sendJson<MadeSearch>('PATCH', url, { webhook: null })).body.webhook).toBeNull()
})

test('what is not taken is sent again under its id, later each time, and then no more', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  const open = () => openState({ dataDir: folder, cacheMegabytes: 1, library: 'one', monthlyBudget: undefined }) // prettier-ignore
  let state = open()
  const send = sender(() => true)
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
  const make = (id: string) => {
    state.searches.reserve(id, 10, 'this')
    const question = { id: `q-${id}`, embedderId: 'e', asked: {}, parts: [], vectors: [] }
    const filled = { question: question.id, name: id, rule: {} }
    state.questions.put(question, new Map(), () => state.searches.fill(id, filled))
    state.searches.setWebhook(id, { url: `${web.url}/hook`, secret })
  }
  const ids = () => got.map(({ headers }) => headers['webhook-id'])
  try {
    got = []
    answers = [500, 503, 500]
    make('a')
    state.deliveries.add('msg_1', 'a', '{"n":1}')
    state.deliveries.add('msg_2', 'a', '{"n":2}')
    let courier = new Courier(state.deliveries, send, [10, 20, 60_000])
    courier.wake()
    await until(ids, (sent) => sent.length === 3)
    await until(() => state.searches.get('a')!.webhook!.trouble, (trouble) => trouble !== null) // prettier-ignore
    await courier.close()
    expect(ids()).toEqual(['msg_1', 'msg_1', 'msg_1'])
    expect(new Set(got.map(({ body }) => body))).toEqual(new Set(['{"n":1}']))

    // Another run of the server goes on, with the same and in their order.
    state.close()
    state = open()
    expect(state.deliveries.waiting('a')).toBe(2)
    state.searches.setWebhook('a', null)
    expect(state.deliveries.waiting('a')).toBe(0)
    make('b')
    state.deliveries.add('msg_3', 'b', '{}')
    state.deliveries.add('msg_4', 'b', '{}')
    got = []
    courier = new Courier(state.deliveries, send, [])
    courier.wake()
    await until(ids, (sent) => sent.length === 2)
    expect(ids()).toEqual(['msg_3', 'msg_4'])
    await until(() => state.deliveries.waiting('b'), (waiting) => waiting === 0) // prettier-ignore

    answers = [500]
    state.deliveries.add('msg_5', 'b', '{}')
    state.deliveries.add('msg_6', 'b', '{}')
    courier.wake()
    const stopped = await until(() => state.searches.get('b')!.webhook!, ({ isStopped }) => isStopped) // prettier-ignore
    expect(stopped.trouble).toContain('500')
    expect([state.deliveries.waiting('b'), ids().at(-1)]).toEqual([0, 'msg_5'])
    await courier.close()
  } finally {
    state.close()
    await rm(folder, { recursive: true, force: true })
  }
})
