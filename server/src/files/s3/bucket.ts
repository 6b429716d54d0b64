import { setTimeout as sleep } from 'node:timers/promises'
import { AwsClient } from 'aws4fetch'
import { explainAnswer, explainFailure, type Failure } from './failures.ts'
import type { S3Options } from './settings.ts'

export interface Content {
  readonly body: Blob
  /** Of the body, lower-case hex. */
  readonly sha256: string
  readonly type: string
}

const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** Pauses before the second and third attempt. */
const pausesMs = [100, 400]

/** One bucket: signed requests, deadlines, repeated attempts, and errors that say what to do. */
export class Bucket {
  /** The bucket and where it is, as messages name it. */
  readonly name: string
  private readonly client: AwsClient
  private readonly root: string
  private readonly timeoutMs: number
  private readonly uploadTimeoutMs: number

  constructor(options: S3Options) {
    const { endpoint, bucket, prefix, region, accessKeyId, secretAccessKey } = options
    this.name = `the bucket "${bucket}" at ${endpoint}`
    // The bucket as a folder of the path, not of the host name: every compatible server takes that.
    this.root = [endpoint, bucket, ...(prefix ? [prefix] : [])].join('/')
    this.client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 0 })
    this.timeoutMs = options.timeoutMs ?? 2_500
    this.uploadTimeoutMs = options.uploadTimeoutMs ?? 30_000
  }

  async put(key: string, { body, sha256, type }: Content): Promise<void> {
    const headers = { 'x-amz-content-sha256': sha256, 'content-type': type }
    const init = { method: 'PUT', headers, body }
    await drain(await this.ask(key, init, this.uploadTimeoutMs))
  }

  /** Null when there is no such object. */
  async get(key: string): Promise<{ body: ReadableStream; bytes: number } | null> {
    const response = await this.ask(key, { method: 'GET' }, this.timeoutMs, 'NoSuchKey')
    if (response.status === 404) return null
    const bytes = Number(response.headers.get('content-length') ?? Number.NaN)
    if (response.body && Number.isInteger(bytes)) return { body: response.body, bytes }
    throw new Error(`${this.name} answered without saying how long the object is`)
  }

  async delete(key: string): Promise<void> {
    await drain(await this.ask(key, { method: 'DELETE' }, this.timeoutMs, 'NoSuchKey'))
  }

  /** Whether the bucket is there and lets us look: asks for an object that nobody stores. */
  async check(): Promise<void> {
    await drain(await this.ask('health', { method: 'GET' }, this.timeoutMs, 'NoSuchKey'))
  }

  /**
   * Sends a request, again where a failure may pass: each sets, reads or removes one object, so
   * repeating does no harm. The deadline ends with the first byte of the answer's body.
   *
   * @param accepted an error code that is an answer to the caller, not a failure
   */
  private async ask(
    key: string,
    init: RequestInit,
    timeoutMs: number,
    accepted?: string,
  ): Promise<Response> {
    const deadline = new AbortController()
    const timer = setTimeout(() => deadline.abort(), timeoutMs)
    try {
      for (let attempt = 0; ; attempt++) {
        const answer = await this.send(key, init, deadline.signal, accepted)
        if (answer instanceof Response) return answer
        const pause = pausesMs[attempt]
        if (!answer.passing || pause === undefined) throw answer.error
        await sleep(pause, undefined, { signal: deadline.signal }).catch(() => {
          throw answer.error
        })
      }
    } finally {
      clearTimeout(timer)
    }
  }

  private async send(
    key: string,
    init: RequestInit,
    signal: AbortSignal,
    accepted: string | undefined,
  ): Promise<Response | Failure> {
    try {
      const response = await this.client.fetch(`${this.root}/${key}`, {
        ...init,
        // Signed in full, so that no proxy between here and there can alter the request.
        headers: { 'x-amz-content-sha256': emptySha256, ...init.headers },
        // A redirect would need another signature; it is how Amazon S3 tells of a wrong region.
        redirect: 'manual',
        signal,
      })
      if (response.ok) return response
      const code = codeOf(await response.text())
      // The bucket missing is never an answer; a server that says 404 and no more means the object.
      const isAnswer = response.status === 404 && (code === null || code === accepted)
      if (accepted !== undefined && isAnswer) return new Response(null, { status: 404 })
      return explainAnswer(response.status, code, this.name)
    } catch (thrown) {
      return explainFailure(thrown, this.name)
    }
  }
}

/** A connection goes back to the pool once its answer is read. */
async function drain(response: Response): Promise<void> {
  await response.arrayBuffer()
}

/** What S3 calls the error, out of its XML answer. */
function codeOf(xml: string): string | null {
  return /<Code>([\w.]{1,100})<\/Code>/.exec(xml)?.[1] ?? null
}
