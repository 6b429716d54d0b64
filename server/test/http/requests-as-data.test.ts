import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { form, startServer, type TestServer } from '../support/server.ts'

interface Step {
  readonly send: {
    readonly method: string
    readonly path: string
    readonly headers?: Record<string, string>
    readonly json?: unknown
    readonly text?: string
    readonly form?: Record<string, string>
    readonly file?: string
  }
  readonly expect: {
    readonly status: number
    readonly headers?: Record<string, string>
    readonly body?: object
    readonly keep?: Record<string, string>
  }
}

interface Replay {
  readonly files: Record<string, string>
  readonly chains: readonly { readonly name: string; readonly steps: readonly Step[] }[]
}

const path = join(import.meta.dirname, '../../../docs/requests.json')
const { files, chains } = JSON.parse(readFileSync(path, 'utf8')) as Replay

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

/** Puts what was kept in the place of its names, wherever these are. */
function filled<T>(value: T, kept: ReadonlyMap<string, string>): T {
  const text = JSON.stringify(value).replaceAll(/\{(\w+)\}/g, (all, name: string) => kept.get(name) ?? all) // prettier-ignore
  return JSON.parse(text) as T
}

test.each(chains)('docs/requests.json: $name', async ({ steps }) => {
  const kept = new Map<string, string>()
  for (const [index, step] of steps.entries()) {
    const { send, expect: expected } = filled(step, kept)
    const { method, path: to, json, text, file } = send
    const headers = { ...send.headers, ...(json !== undefined && { 'content-type': 'application/json' }) } // prettier-ignore
    const picture = file === undefined ? null : Buffer.from(files[file]!, 'base64')
    const body = send.form ? form(picture, send.form) : (text ?? (json === undefined ? undefined : JSON.stringify(json))) // prettier-ignore
    const answer = await fetch(server.url + to, { method, headers, ...(body && { body }) })
    const received = await answer.text()
    expect(answer.status, `step ${index}: ${received.slice(0, 300)}`).toBe(expected.status)
    for (const [name, value] of Object.entries(expected.headers ?? {})) {
      expect(answer.headers.get(name)).toBe(value)
    }
    const whole: object = received.startsWith('{') ? (JSON.parse(received) as object) : {}
    expect(whole).toMatchObject(expected.body ?? {})
    for (const [name, pointer] of Object.entries(expected.keep ?? {})) {
      const value = pointer.slice(1).split('/').reduce<unknown>((from, key) => (from as Record<string, unknown>)[key], JSON.parse(received)) // prettier-ignore
      kept.set(name, String(value))
    }
  }
})
