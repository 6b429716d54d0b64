import { mkdtemp, readdir, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type {
  DuplicateGroupPage,
  Health,
  IndexResponse,
  Problem,
  SearchResponse,
} from '@lookalike/sdk'
import { buildApp } from '../../src/app.ts'
import { compose } from '../../src/compose.ts'
import { loadConfig } from '../../src/config.ts'
import type { Services } from '../../src/http/services.ts'

/**
 * A listening server over a library of its own, and short ways to call it.
 *
 * @param change services to put in place of those that the settings name
 */
export async function startServer(
  env: Record<string, string> = {},
  change: (services: Services) => Partial<Services> = () => ({}),
) {
  const folder = await mkdtemp(join(tmpdir(), 'lookalike-'))
  const config = loadConfig({ DATA_DIR: folder, PORT: '0', LOG_LEVEL: 'silent', ...env })
  const composed = await compose(config)
  const services = { ...composed, ...change(composed) }
  const app = await buildApp(services)
  await app.listen({ host: config.HOST, port: 0 })
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`

  return {
    url,
    services,
    dataDir: folder,
    search: (image: Uint8Array | null, fields: Fields = {}, init: RequestInit = {}) =>
      postForm<SearchResponse>(`${url}/api/images/search-similar`, image, fields, init),
    index: (image: Uint8Array | null, fields: Fields = {}, init: RequestInit = {}) =>
      postForm<IndexResponse>(`${url}/api/images/index`, image, fields, init),
    groups: () => comparedGroups(url),
    uploads: () => readdir(join(config.DATA_DIR, 'uploads')),
    async stop() {
      const closed = app.close()
      app.server.closeAllConnections() // tests leave answers unread
      await closed
      await services.deps.store.close()
      services.state.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The groups of duplicates, once every picture was compared. */
export async function comparedGroups(url: string): Promise<DuplicateGroupPage> {
  for (;;) {
    const { body } = await getJson<DuplicateGroupPage>(`${url}/api/duplicates?limit=1000`)
    if (body.pending === 0) return body
    await setTimeout(50)
  }
}

export type TestServer = Awaited<ReturnType<typeof startServer>>
type Fields = Record<string, string>

/** An answer; `body` is what success brings, and a problem whenever `status` says so. */
export interface Answer<Body> {
  status: number
  headers: Headers
  body: Body & Problem
}

export async function postForm<Body>(
  url: string,
  image: Uint8Array | null,
  fields: Fields,
  init: RequestInit = {},
): Promise<Answer<Body>> {
  const response = await fetch(url, { method: 'POST', body: form(image, fields), ...init })
  return answerOf(response)
}

export async function getJson<Body>(url: string, init: RequestInit = {}): Promise<Answer<Body>> {
  return answerOf(await fetch(url, init))
}

export function sendJson<Body>(method: string, url: string, body: unknown): Promise<Answer<Body>> {
  const headers = { 'content-type': 'application/json' }
  return getJson(url, { method, headers, body: JSON.stringify(body) })
}

/** How well a server runs; not a problem document, whatever its status. */
export async function getHealth(url: string): Promise<{ status: number; body: Health }> {
  const response = await fetch(`${url}/api/health`)
  return { status: response.status, body: (await response.json()) as Health }
}

async function answerOf<Body>(response: Response): Promise<Answer<Body>> {
  const { status, headers } = response
  const text = await response.text()
  return { status, headers, body: (text ? JSON.parse(text) : undefined) as Body & Problem }
}

export function form(image: Uint8Array | null, fields: Fields = {}): FormData {
  const data = new FormData()
  for (const [name, value] of Object.entries(fields)) data.set(name, value)
  if (image) data.set('image_file', new Blob([new Uint8Array(image)]), 'picture')
  return data
}
