import { setTimeout as sleep } from 'node:timers/promises'
import { QdrantClient } from '@qdrant/js-client-rest'
import { LookalikeError } from '../../../errors.ts'
import type { QdrantApi, QdrantStoreOptions, ReadConsistency } from '../options.ts'
import { Deadline } from './deadline.ts'
import { AnswerNotUnderstood, explain } from './failures.ts'
import { withPlainNumbers } from './plain-numbers.ts'

type Answer<T> = Promise<{ data: { result?: T } }>
type Init = { signal: AbortSignal }

/** Pauses before the second and third attempt: a restart's dropped connections are over by then. */
const pausesMs = [100, 400]
/** Between attempts while a node of the cluster is dying, for as long as the deadline allows. */
const clusterPauseMs = 150

/** Speaks to one collection in a Qdrant server: deadlines, repeated attempts, and errors that say what to do. */
export class Connection {
  /** The URL as messages show it, without any credentials. */
  readonly address: string
  readonly #api: QdrantApi
  #name: string
  #alias: string | undefined
  #fewerCopiesAt = -Infinity
  readonly #readTimeoutMs: number
  readonly #writeTimeoutMs: number

  constructor(options: QdrantStoreOptions) {
    const url = new URL(options.url)
    this.#name = options.collection
    this.#alias = options.alias
    this.address = url.origin + url.pathname.replace(/\/+$/, '')
    this.#readTimeoutMs = options.readTimeoutMs ?? 2_000
    this.#writeTimeoutMs = options.writeTimeoutMs ?? 10_000
    this.#api = createClient(url, options.apiKey)
  }

  get collection(): string {
    return this.#name
  }

  /** Looks once where the alias leads to: an alias set later is another opening's. */
  async followAlias(deadline: Deadline): Promise<void> {
    if (this.#alias === undefined) return
    const known = await this.#aliases(deadline)
    const found = known.find(({ alias_name }) => alias_name === this.#alias)
    this.#name = found?.collection_name ?? this.#name
    this.#alias = undefined
  }

  async #aliases(deadline: Deadline) {
    try {
      const request = (api: QdrantApi, init: Init) => api.getCollectionsAliases({}, init)
      return (await this.ask(deadline, request)).aliases
    } catch (error) {
      // A key that is for one collection may not list aliases, and so none was ever set with it.
      if (((error as Error).cause as { status?: number } | undefined)?.status === 403) return []
      throw error
    }
  }

  readDeadline(): Deadline {
    return new Deadline(this.#readTimeoutMs)
  }

  writeDeadline(): Deadline {
    return new Deadline(this.#writeTimeoutMs)
  }

  /** The server's own limit for a read, seconds: it need not go on once nobody waits. */
  get serverTimeout(): number {
    return Math.max(1, Math.ceil(this.#readTimeoutMs / 1000))
  }

  /**
   * Sends a request, again where a failure may pass: every request of this store is a read or can
   * be repeated without harm. Throws what `explain` makes of the last failure.
   */
  async ask<T>(
    deadline: Deadline,
    request: (api: QdrantApi, init: Init) => Answer<T>,
  ): Promise<NonNullable<T>> {
    let before: Error | null = null
    for (let attempt = 0; ; attempt++) {
      try {
        return resultOf(await request(this.#api, { signal: deadline.signal }))
      } catch (thrown) {
        if (thrown instanceof LookalikeError) throw thrown
        const { error, passing } = explain(thrown, this)
        // That time ran out while asking again says less than why it had to be.
        if (before && deadline.signal.aborted) throw before
        before = error
        const pause =
          passing === 'cluster' ? clusterPauseMs : passing ? pausesMs[attempt] : undefined
        if (pause === undefined || !deadline.allows(pause)) throw error
        await sleep(pause, undefined, { signal: deadline.signal }).catch(() => {
          throw error
        })
      }
    }
  }

  /**
   * The same for a read that nothing is written from: when copies cannot be compared for half of its time,
   * because a node is dying and the others have yet to notice, one copy has to do.
   *
   * @returns also whether it did
   */
  async askOneCopyAtLast<T>(
    deadline: Deadline,
    consistency: ReadConsistency,
    request: (api: QdrantApi, init: Init, consistency: ReadConsistency) => Answer<T>,
  ): Promise<{ result: NonNullable<T>; fewerCopies: boolean }> {
    if (consistency !== 1) {
      const half = deadline.half()
      try {
        const result = await this.ask(half, (api, init) => request(api, init, consistency))
        return { result, fewerCopies: false }
      } catch (error) {
        if (!half.signal.aborted && !this.isOfDyingNode(error)) throw error
      }
    }
    const result = await this.ask(deadline, (api, init) => request(api, init, 1))
    if (consistency !== 1) this.#fewerCopiesAt = performance.now()
    return { result, fewerCopies: consistency !== 1 }
  }

  /** Whether `ask` threw this because a node is gone and the others have yet to notice. */
  isOfDyingNode(error: unknown): boolean {
    return error instanceof LookalikeError && explain(error.cause, this).passing === 'cluster'
  }

  /** Whether one copy had to do within the last minute. */
  get hasFewerCopies(): boolean {
    return performance.now() - this.#fewerCopiesAt < 60_000
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
 * The official client, with five of its habits undone: it takes port 6333 where the URL names none
 * and drops its path, writes to the console, has one timeout for all requests, asks for gzip, and is slow
 * with numbers.
 */
function createClient(url: URL, apiKey: string | undefined): QdrantApi {
  const standardPort = url.protocol === 'https:' ? 443 : 80
  const prefix = url.pathname.replace(/\/+$/, '')
  const headers = {
    // Qdrant sends what it compresses in chunks, which Nagle's algorithm holds back until the one before
    // is acknowledged: 40 ms for every answer, where the whole search takes 6.
    'accept-encoding': 'identity',
    ...(apiKey && { 'api-key': apiKey }),
  }
  const client = new QdrantClient({
    url: url.origin,
    port: url.port ? Number(url.port) : standardPort,
    prefix,
    timeout: Number.NaN,
    checkCompatibility: false,
    headers,
  })
  return withPlainNumbers(client.api(), { url: url.origin + prefix, headers })
}
