import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { jpeg } from '../support/pictures.ts'
import { startProcess } from '../support/process.ts'
import { form } from '../support/server.ts'

test('a key is in no line of the log, at the most talkative level', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  const key = 'Zq7-only-here-9f3b'
  const server = await startProcess(
    { DATA_DIR: join(folder, 'data'), API_KEYS: key, LOG_LEVEL: 'trace' },
    folder,
  )
  const authorization = { authorization: `Bearer ${key}` }
  try {
    const call = (path: string, init: RequestInit = {}) => fetch(server.url + path, init)
    await call('/api/info', { headers: authorization })
    await call('/api/info', { headers: { 'x-api-key': key } })
    await call('/api/info', { headers: { authorization: `Basic ${key}` } })
    for (const name of ['key', 'api_key', 'apiKey', 'x-api-key', 'access_token', 'Password']) {
      await call(`/api/images?limit=1&${name}=${key}&filter={}`)
    }
    await call(`/api/nothing?token=${key}`)
    await call(`/api/images?next=http://user:${key}@example.org/`)
    const body = JSON.stringify({ key })
    const headers = { 'content-type': 'application/json' }
    const session = await call('/api/session', { method: 'POST', headers, body })
    const [cookie] = session.headers.get('set-cookie')!.split(';')
    await call('/api/info', { headers: { cookie: cookie! } })
    const signed = { method: 'POST', headers: authorization }
    const upload = { ...signed, body: form(await jpeg(1)) }
    expect((await call('/api/images/search-similar', upload)).status).toBe(200)
    await call('/api/images/index', { ...signed, body: 'no form' })
    expect(await server.kill('SIGTERM')).toBe(0)
    expect(server.output()).toContain('/api/nothing?token=***')
    const leaks = server
      .output()
      .split('\n')
      .filter((line) => line.includes(key))
    expect(leaks).toEqual([])
    expect(server.output()).not.toContain(cookie!.split('=')[1])
  } finally {
    await server.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
})
