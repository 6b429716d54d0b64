import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadConfig, settingNames } from '../../src/config.ts'
import { hideSecrets, withoutSecrets } from '../../src/secrets.ts'
import { secretsIn } from '../../src/starting/secret-settings.ts'
import { jpeg } from '../support/pictures.ts'
import { startProcess } from '../support/process.ts'
import { form, sendJson, startServer } from '../support/server.ts'

const secrets = {
  API_KEYS: 'KeyOf-Caller/"one"+2',
  OPENAI_API_KEY: 'sk-Provider:9f/3b+77',
  QDRANT_API_KEY: 'qdrant-Key==81%20x',
  S3_SECRET_ACCESS_KEY: 's3/Secret+Access&Key',
  SPARQL_PASSWORD: 'graph?pass:word#1',
  proxy: 'proxy-Pa55-word',
}

/** The beginnings of all that a secret may look like where somebody repeats it, whole or cut off. */
const forms = Object.values({ ...secrets, pair: `ann:${secrets.SPARQL_PASSWORD}` })
  .flatMap((text) => [
    text,
    encodeURIComponent(text),
    JSON.stringify(text).slice(1, -1),
    Buffer.from(text).toString('base64'),
  ])
  .map((text) => text.slice(0, 12))

/** Answers every call with an error that repeats all that it was sent, as debugging pages do. */
async function startRepeater() {
  let status = 500
  const server = createServer((request, response) => {
    const said = JSON.stringify(request.headers)
    const message = `I will not have ${said}`
    const body = JSON.stringify({
      error: { message, code: said },
      status: { error: message },
      said,
    })
    response.writeHead(status, message, { 'content-type': 'application/json', 'x-said': encodeURIComponent(said) }).end(body) // prettier-ignore
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answerWith: (next: number) => (status = next),
    stop: () => new Promise((resolve) => server.close(resolve).closeAllConnections()),
  }
}

describe('no secret of the settings is said', () => {
  let repeater: Awaited<ReturnType<typeof startRepeater>>
  let folder: string
  beforeAll(async () => {
    repeater = await startRepeater()
    folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  })
  afterAll(async () => {
    await repeater.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const env = (url: string): Record<string, string> => ({
    ...secrets,
    DATA_DIR: join(folder, 'data'),
    LOG_LEVEL: 'trace',
    EMBEDDER: 'openai',
    OPENAI_BASE_URL: `${url}/v1`,
    OPENAI_TIMEOUT_MS: '500',
    QDRANT_URL: url,
    S3_BUCKET: 'pictures',
    S3_ENDPOINT: url,
    S3_ACCESS_KEY_ID: 'known',
    GRAPH: 'sparql',
    GRAPH_TIMEOUT_MS: '500',
    SPARQL_ENDPOINT: url,
    SPARQL_USER: 'ann',
    HTTPS_PROXY: `http://bob:${secrets.proxy}@127.0.0.1:1`,
  })

  async function provoke(url: string, heard: string[], all = true): Promise<void> {
    const headers = { 'x-api-key': secrets.API_KEYS }
    const call = async (path: string, init: RequestInit = {}) => {
      const answer = await fetch(url + path, { ...init, headers: { ...headers, ...init.headers } })
      heard.push(`${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`)
    }
    const post = (path: string, type: string, body: string) =>
      call(path, { method: 'POST', headers: { 'content-type': type }, body })
    await Promise.all([
      call('/api/images/index', { method: 'POST', body: form(await jpeg(1)) }),
      post('/api/kg/sparql', 'application/sparql-query', 'ASK {}'),
      call('/api/health'),
    ])
    if (!all) return
    await Promise.all([
      call('/api/images/search-similar', { method: 'POST', body: form(await jpeg(2)) }),
      call('/api/images/search-similar', { method: 'POST', body: form(await jpeg(3)), headers: { accept: 'text/event-stream' } }), // prettier-ignore
      post('/api/images/search-text', 'application/json', '{"query":"fox"}'),
      call('/api/images'),
      call('/api/export'),
      call('/api/images/00000000-0000-4000-8000-000000000000/file'),
      post('/api/kg/update', 'application/sparql-update', 'INSERT DATA { <a:b> <a:c> "d" }'),
      post('/api/snapshots', 'application/json', ''),
      post('/api/reindex', 'application/json', '{}'),
      call(`/api/images?filter=${encodeURIComponent(secrets.API_KEYS)}`),
    ])
    await Promise.all(['/api/health', '/api/reindex', '/api/usage', '/metrics', '/readyz'].map((path) => call(path))) // prettier-ignore
  }

  async function leaks(texts: string[]): Promise<string[]> {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile())
    const contents = await Promise.all(files.map(async (file) => (await readFile(join(file.parentPath, file.name))).toString('latin1'))) // prettier-ignore
    return [...texts, ...contents].flatMap((text) =>
      forms.filter((form) => text.includes(form)).map((form) => `${form}: ${text.slice(0, 500)}`),
    )
  }

  test('in logs, answers and files, while everything fails and repeats what it was told', async () => {
    const heard: string[] = []
    const server = await startProcess(env(repeater.url), folder)
    expect(server.url, server.output()).not.toBeNull()
    for (const status of [500, 401, 403, 400]) {
      repeater.answerWith(status)
      await provoke(server.url!, heard)
    }
    expect(await server.kill('SIGTERM')).toBe(0)
    heard.push(server.output())
    expect(await leaks(heard)).toEqual([])
    // They did say something of what failed.
    expect(heard.join('\n')).toContain('***')
  }, 60_000)

  test('when nobody answers, and when the settings cannot be used', async () => {
    const heard: string[] = []
    const withUser = (host: string) =>
      `http://ann:${encodeURIComponent(secrets.SPARQL_PASSWORD)}@${host}`
    const wrong: Record<string, string>[] = [
      { MAX_UPLOAD_MB: secrets.OPENAI_API_KEY, QDRANT_URL: withUser('localhost:6333'), PUBLIC_URL: withUser('host.example') }, // prettier-ignore
      { HTTPS_PROXY: `socks5://bob:${secrets.proxy}@127.0.0.1:1` },
    ]
    const [server, ...ended] = await Promise.all(
      [{}, ...wrong].map((more, at) =>
        startProcess(
          { ...env('http://127.0.0.1:9'), DATA_DIR: join(folder, `${at}`), ...more },
          folder,
        ),
      ),
    )
    if (server!.url) await provoke(server!.url, heard, false)
    await server!.kill('SIGKILL')
    expect(ended.map(({ url }) => url)).toEqual(wrong.map(() => null))
    heard.push(server!.output(), ...ended.map(({ output }) => output()))
    expect(await leaks(heard)).toEqual([])
  }, 60_000)
})

test('a setting whose name says that it is secret is hidden, and no address holds one', () => {
  const named = settingNames.filter((name) => secretsIn({ [name]: 'some-long-secret' }).length > 0)
  expect(named).toEqual(expect.arrayContaining(['API_KEYS', 'OPENAI_API_KEY', 'QDRANT_API_KEY', 'S3_SECRET_ACCESS_KEY', 'SPARQL_PASSWORD'])) // prettier-ignore
  // What looks like one by its name, and is not among them, would be forgotten here.
  const suspects = settingNames.filter((name) => /KEY|SECRET|PASS|TOKEN$|CREDENTIAL/.test(name))
  expect(suspects.filter((name) => !named.includes(name))).toEqual(['S3_ACCESS_KEY_ID'])
  for (const name of settingNames.filter((each) => /_(URL|ENDPOINT)$/.test(each))) {
    for (const user of ['ann:secret-word@', 'ann@', ':secret-word@']) {
      const load = () => loadConfig({ [name]: `http://${user}localhost:1234/x` })
      expect(load, name).toThrow(new RegExp(`${name}: must hold no user`))
      expect(load, name).not.toThrow(/secret-word/)
    }
  }
})

test('no record gets an address with a password', async () => {
  const server = await startServer()
  const addresses = ['http://ann:pass@host.example/a.jpg', 'https://token@host.example/a.jpg', 'ftp://ann:pass@host.example/a.jpg'] // prettier-ignore
  const { body: sample } = await server.index(await jpeg(1), { image_uri: 'ssh://git@host.example/a.jpg' }) // prettier-ignore
  const [line] = (await (await fetch(`${server.url}/api/export`)).text()).split('\n')
  for (const address of addresses) {
    const refusals = [
      await server.index(await jpeg(1), { image_uri: address }),
      await server.index(null, { image_url: address }),
      await sendJson('POST', `${server.url}/api/import`, { records: [{ ...JSON.parse(line!), image_uri: address }] }), // prettier-ignore
    ]
    for (const { status, body } of refusals) {
      expect([address, status, body.detail]).toEqual([address, 400, expect.stringContaining('no user and no password')]) // prettier-ignore
      expect(body.detail).not.toMatch(/ann|token/)
    }
  }
  expect(sample.image_uri).toBe('ssh://git@host.example/a.jpg')
  await server.stop()
})

test('secrets are found in every form, and short words are left alone', () => {
  hideSecrets(['s3cr(e)t+/word"s', 'short'])
  const text = 'a s3cr(e)t+/word"s b'
  const said = [text, JSON.stringify({ text }), encodeURIComponent(text), Buffer.from('s3cr(e)t+/word"s').toString('base64')] // prettier-ignore
  for (const each of said) expect(withoutSecrets(each)).not.toMatch(/s3cr|czNj/)
  expect(withoutSecrets('short http://ann:pw@host/ http://host:80/@x mailto:a@b.c')).toBe(
    'short http://***@host/ http://host:80/@x mailto:a@b.c',
  )
})
