import type { Readable } from 'node:stream'
import { AwsV4Signer } from 'aws4fetch'
import { type Dispatcher, request } from 'undici'
import { withRetries } from '../../retry.ts'
import { explainAnswer, explainFailure, failureOf, RequestFailed } from './failures.ts'
import type { ByteRange } from '../file-store.ts'
import type { S3Options } from './settings.ts'

type Method = 'GET' | 'HEAD' | 'PUT' | 'DELETE'
type Answer = Dispatcher.ResponseData

export interface Content {
  /** Begins to read it; again for each attempt. */
  open(): Promise<Readable> | Uint8Array
  readonly bytes: number
  /** Lower-case hex. */
  readonly sha256: string
  readonly type: string
}

const emptySha256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** Pauses before the second and third attempt. */
const pausesMs = [100, 400]

/** Longest silence in the middle of an object; a slow reader is not silence. */
const stallMs = 30_000

/** One bucket: signed requests, deadlines, repeated attempts, and errors that say what to do. */
export class Bucket {
  /** The bucket and where it is, as messages name it. */
  readonly name: string
  readonly #signing: { accessKeyId: string; secretAccessKey: string; region: string }
  readonly #root: string
  readonly #timeoutMs: number
  readonly #uploadTimeoutMs: number

  constructor(options: S3Options) {
    const { endpoint, bucket, prefix, region, accessKeyId, secretAccessKey } = options
    this.name = `the bucket "${bucket}" at ${endpoint}`
    // The bucket as a folder of the path, not of the host name: every compatible server takes that.
    this.#root = [endpoint, bucket, ...(prefix ? [prefix] : [])].join('/')
    this.#signing = { accessKeyId, secretAccessKey, region }
    this.#timeoutMs = options.timeoutMs ?? 5_000
    this.#uploadTimeoutMs = options.uploadTimeoutMs ?? 30_000
  }

  async put(key: string, content: Content): Promise<void> {
    const answer = await this.#ask('PUT', key, this.#uploadTimeoutMs, content)
    await answer?.body.dump()
  }

  /** Null when there is no such object. */
  async get(key: string, range?: ByteRange): Promise<{ stream: Readable; bytes: number } | null> {
    const answer = await this.#ask('GET', key, this.#timeoutMs, undefined, range)
    if (!answer) return null
    const bytes = lengthOf(answer)
    const isAsAsked = answer.statusCode === (range ? 206 : 200)
    if (bytes !== null && isAsAsked) return { stream: answer.body, bytes }
    await answer.body.dump()
    throw this.#withoutLength()
  }

  /** Null when there is no such object. */
  async size(key: string): Promise<number | null> {
    const answer = await this.#ask('HEAD', key, this.#timeoutMs)
    await answer?.body.dump()
    if (!answer) return null
    const bytes = lengthOf(answer)
    if (bytes === null) throw this.#withoutLength()
    return bytes
  }

  /** An object that is not there is no error. */
  async delete(key: string): Promise<void> {
    const answer = await this.#ask('DELETE', key, this.#timeoutMs)
    await answer?.body.dump()
  }

  /** Whether the bucket is there and lets us look: asks for an object that is never stored. */
  async check(): Promise<void> {
    const answer = await this.#ask('GET', 'health', this.#timeoutMs)
    await answer?.body.dump()
  }

  #withoutLength(): Error {
    return new Error(
      `${this.name} answered without saying how long the object is, or without its part`,
    )
  }

  /**
   * Sends a request, again where a failure may pass: each sets, reads or removes one object, so
   * repeating does no harm. The deadline is met when the answer begins. Null: no such object.
   */
  async #ask(
    method: Method,
    key: string,
    timeoutMs: number,
    content?: Content,
    range?: ByteRange,
  ): Promise<Answer | null> {
    const deadline = new AbortController()
    const timer = setTimeout(() => deadline.abort(), timeoutMs)
    try {
      const { signal } = deadline
      return await withRetries(() => this.#send(method, key, signal, content, range), {
        pausesMs,
        signal,
        explain: failureOf,
      })
    } finally {
      clearTimeout(timer)
    }
  }

  async #send(
    method: Method,
    key: string,
    signal: AbortSignal,
    content: Content | undefined,
    range: ByteRange | undefined,
  ): Promise<Answer | null> {
    const { url, headers: signed } = await this.#sign(method, `${this.#root}/${key}`, content)
    const headers = range ? { ...signed, range: `bytes=${range.start}-${range.end}` } : signed
    // Opened out here: a file that cannot be read is no failure of the storage.
    const body = (await content?.open()) ?? null
    const fail = (thrown: unknown) => {
      throw new RequestFailed(explainFailure(thrown, this.name))
    }
    const options = { method, headers, body, signal, bodyTimeout: stallMs }
    const answer = await request(url, options).catch(fail)
    if (answer.statusCode < 300) return answer
    const code = codeOf(await answer.body.text().catch(fail))
    // The bucket missing is another matter; a bare 404 of a simple server means the object.
    if (answer.statusCode === 404 && (code === null || code === 'NoSuchKey')) return null
    throw new RequestFailed(explainAnswer(answer.statusCode, code, this.name))
  }

  /** Signs all but the length: also the content, so that nothing in between can alter it. */
  async #sign(method: Method, url: string, content: Content | undefined) {
    const unsigned = {
      'x-amz-content-sha256': content?.sha256 ?? emptySha256,
      ...(content && { 'content-type': content.type }),
    }
    const signer = new AwsV4Signer({
      method,
      url,
      headers: unsigned,
      service: 's3',
      ...this.#signing,
    })
    const signed = await signer.sign()
    const headers = Object.fromEntries(signed.headers)
    return {
      url: signed.url,
      headers: content ? { ...headers, 'content-length': String(content.bytes) } : headers,
    }
  }
}

function lengthOf({ headers }: Answer): number | null {
  const bytes = Number(headers['content-length'] ?? Number.NaN)
  return Number.isInteger(bytes) ? bytes : null
}

/** What S3 calls the error, out of its XML answer. */
function codeOf(xml: string): string | null {
  return /<Code>([\w.]{1,100})<\/Code>/.exec(xml)?.[1] ?? null
}
