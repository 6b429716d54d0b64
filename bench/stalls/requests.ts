import { setTimeout } from 'node:timers/promises'
import type { Health } from '@lookalike/sdk'

/** What `works.ts` asks a server with: a refusal ends the benchmark. */
export class Requests {
  readonly #url: string

  constructor(url: string) {
    this.#url = url
  }

  async get<T>(path: string, query: Record<string, unknown> = {}): Promise<T> {
    return (await this.#asked(this.#address(path, query))).json() as Promise<T>
  }

  async send<T>(method: string, path: string, body?: object): Promise<T> {
    const sent =
      body instanceof FormData
        ? { body }
        : body && {
            body: JSON.stringify(body),
            headers: { 'content-type': 'application/json' },
          }
    return (await this.#asked(`${this.#url}${path}`, { method, ...sent })).json() as Promise<T>
  }

  /** Lines of JSON, as imports are sent. */
  async sendLines(path: string, lines: string): Promise<void> {
    const headers = { 'content-type': 'application/x-ndjson' }
    const answer = await this.#asked(`${this.#url}${path}`, {
      method: 'POST',
      headers,
      body: lines,
    })
    await answer.arrayBuffer()
  }

  delete<T>(path: string, query: Record<string, unknown>): Promise<T> {
    return this.#asked(this.#address(path, query), { method: 'DELETE' }).then(
      (answer) => answer.json() as Promise<T>,
    )
  }

  /** Reads an answer to its end, keeping nothing. */
  async drain(path: string): Promise<void> {
    const { body } = await this.#asked(`${this.#url}${path}`)
    for await (const _ of body!);
  }

  /** Until the index is there and nothing is done to it. */
  async untilSettled(): Promise<void> {
    for (;;) {
      const { checks } = await this.get<Health>('/api/health')
      if (checks.store.detail.endsWith('in order.')) return
      await setTimeout(200)
    }
  }

  #address(path: string, query: Record<string, unknown>): string {
    const texts = Object.entries(query).map(([key, value]) => [
      key,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ])
    return `${this.#url}${path}?${new URLSearchParams(texts)}`
  }

  async #asked(address: string, init: RequestInit = {}): Promise<Response> {
    const answer = await fetch(address, init)
    if (answer.ok) return answer
    throw new Error(`${init.method ?? 'GET'} ${address}: ${await answer.text()}`)
  }
}
