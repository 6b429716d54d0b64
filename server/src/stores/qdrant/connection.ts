import { setTimeout as sleep } from 'node:timers/promises'
import { QdrantClient } from '@qdrant/js-client-rest'
import { AnswerNotUnderstood, explain } from './failures.ts'
import type { QdrantApi, QdrantStoreOptions } from './options.ts'

/** Ends every request it is given to, however many, after one stretch of time. */
export type Deadline = AbortSignal

type Answer<T> = Promise<{ data: { result?: T } }>

/** Pauses before the second and third attempt: a restart's dropped connections are over by then. */
const pausesMs = [100, 400]

/** Speaks to one collection in a Qdrant server: deadlines, repeated attempts, and errors that say what to do. */
export class Connection {
  /** The URL as messages show it, without any credentials. */
  readonly address: string
  private readonly api: QdrantApi
  private name: string
  private alias: string | undefined
  private readonly readTimeoutMs: number
  private readonly writeTimeoutMs: number

  constructor(options: QdrantStoreOptions) {
    const url = new URL(options.url)
    this.name = options.collection
    this.alias = options.alias
    this.address = url.origin + url.pathname.replace(/\/+$/, '')
    this.readTimeoutMs = options.readTimeoutMs ?? 2_000
    this.writeTimeoutMs = options.writeTimeoutMs ?? 10_000
    this.api = createClient(url, options.apiKey).api()
  }

  get collection(): string {
    return this.name
  }

  /** Looks once where the alias leads to: an alias set later is another opening's. */
  async followAlias(deadline: Deadline): Promise<void> {
    if (this.alias === undefined) return
    const known = await this.aliases(deadline)
    const found = known.find(({ alias_name }) => alias_name === this.alias)
    this.name = found?.collection_name ?? this.name
    this.alias = undefined
  }

  private async aliases(deadline: Deadline) {
    try {
      const request = (api: QdrantApi, init: { signal: Deadline }) =>
        api.getCollectionsAliases({}, init)
      return (await this.ask(deadline, request)).aliases
    } catch (error) {
      // A key that is for one collection may not list aliases, and so none was ever set with it.
      if (((error as Error).cause as { status?: number } | undefined)?.status === 403) return []
      throw error
    }
  }

  readDeadline(): Deadline {
    return AbortSignal.timeout(this.readTimeoutMs)
  }

  writeDeadline(): Deadline {
    return AbortSignal.timeout(this.writeTimeoutMs)
  }

  /** The server's own limit for a read, seconds: it need not go on once nobody waits. */
  get serverTimeout(): number {
    return Math.max(1, Math.ceil(this.readTimeoutMs / 1000))
  }

  /**
   * Sends a request, again where a failure may pass: every request of this store is a read or can
   * be repeated without harm. Throws what `explain` makes of the last failure.
   */
  async ask<T>(
    deadline: Deadline,
    request: (api: QdrantApi, init: { signal: Deadline }) => Answer<T>,
  ): Promise<NonNullable<T>> {
    for (let attempt = 0; ; attempt++) {
      try {
        return resultOf(await request(this.api, { signal: deadline }))
      } catch (thrown) {
        const pause = pausesMs[attempt]
        const { error, passing } = explain(thrown, this)
        if (!passing || pause === undefined) throw error
        await sleep(pause, undefined, { signal: deadline }).catch(() => {
          throw error
        })
      }
    }
  }

  /** The server's version, or null where something before it hides it. */
  async version(deadline: Deadline): Promise<string | null> {
    const answer = await this.ask(deadline, async (api, init) => {
      const { data } = await api.root({}, init)
      return { data: { result: data } }
    })
    return typeof answer.version === 'string' ? answer.version : null
  }
}

function resultOf<T>({ data }: Awaited<Answer<T>>): NonNullable<T> {
  const result = typeof data === 'object' && data !== null ? data.result : null
  if (result === undefined || result === null) throw new AnswerNotUnderstood('no result')
  return result
}

/**
 * The official client, with three of its habits undone: it takes port 6333 where the URL names none
 * and drops its path, writes to the console, and has one timeout for all requests.
 */
function createClient(url: URL, apiKey: string | undefined): QdrantClient {
  const standardPort = url.protocol === 'https:' ? 443 : 80
  return new QdrantClient({
    url: url.origin,
    port: url.port ? Number(url.port) : standardPort,
    prefix: url.pathname.replace(/\/+$/, ''),
    timeout: Number.NaN,
    checkCompatibility: false,
    headers: apiKey ? { 'api-key': apiKey } : {},
  })
}
