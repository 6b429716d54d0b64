import type { IncomingMessage, ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { LocalServer } from './local-server.ts'
import { sha256, wrongWithSignature } from './signature-v4.ts'

export type S3Fault =
  | { readonly kind: 'hang' }
  | { readonly kind: 'status'; readonly status: number; readonly code: string }
  /** Half of the answer, then the connection is dropped. */
  | { readonly kind: 'cut' }
  /** The connection is dropped before any answer. */
  | { readonly kind: 'reset' }

export interface SeenS3Request {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
}

/**
 * S3-compatible storage of one's own: real HTTP, objects in memory, signatures and hashes checked as
 * Amazon does, and the faults of a network.
 */
export class FakeS3 extends LocalServer {
  readonly accessKeyId = 'AKIDEXAMPLE'
  readonly secretAccessKey = 'a secret / with + odd = characters'
  readonly region = 'eu-test-1'
  readonly buckets = new Map<string, Map<string, Buffer>>([['pictures', new Map()]])
  readonly requests: SeenS3Request[] = []
  private faults: S3Fault[] = []

  /** The settings of a server that keeps its files here. */
  get env(): Record<string, string> {
    return {
      S3_ENDPOINT: this.origin,
      S3_BUCKET: 'pictures',
      S3_REGION: this.region,
      S3_ACCESS_KEY_ID: this.accessKeyId,
      S3_SECRET_ACCESS_KEY: this.secretAccessKey,
    }
  }

  /** Keys of the objects in a bucket. */
  keys(bucket = 'pictures'): string[] {
    return [...(this.buckets.get(bucket)?.keys() ?? [])].toSorted()
  }

  /** The next `times` requests meet this fault. */
  fail(fault: S3Fault, times = 1): void {
    this.faults = Array.from({ length: times }, () => fault)
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const fault = this.faults.shift()
    const body = await buffer(request)
    const { method = '', url: target = '', headers } = request
    this.requests.push({ method, path: target, headers })
    if (fault?.kind === 'hang') return
    if (fault?.kind === 'reset') return void request.socket.destroy()
    if (fault?.kind === 'status') return refuse(response, fault.status, fault.code)
    const wrong = wrongWithSignature({ method, target, headers }, this)
    if (wrong) return refuse(response, wrong === 'AuthorizationHeaderMalformed' ? 400 : 403, wrong)
    if (headers['x-amz-content-sha256'] !== sha256(body)) {
      return refuse(response, 400, 'XAmzContentSHA256Mismatch')
    }
    if (method === 'PUT' && headers['content-length'] === undefined) {
      return refuse(response, 411, 'MissingContentLength')
    }
    const [, name = '', key = ''] = /^\/([^/]+)\/?(.*)$/.exec(decodeURIComponent(target)) ?? []
    const bucket = this.buckets.get(name)
    if (!bucket) return refuse(response, 404, 'NoSuchBucket')
    serve(method, bucket, key, body, response, fault?.kind === 'cut', headers.range)
  }
}

function serve(
  method: string,
  bucket: Map<string, Buffer>,
  key: string,
  body: Buffer,
  response: ServerResponse,
  cut: boolean,
  range: string | undefined,
): void {
  if (method === 'PUT') {
    bucket.set(key, body)
    response.writeHead(200).end()
  } else if (method === 'DELETE') {
    bucket.delete(key)
    response.writeHead(204).end()
  } else {
    const object = bucket.get(key)
    if (!object) return refuse(response, 404, 'NoSuchKey')
    const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? []
    if (start && end && !cut) {
      const part = object.subarray(Number(start), Number(end) + 1)
      response.writeHead(206, { 'content-length': part.length })
      return void response.end(part)
    }
    response.writeHead(200, { 'content-length': object.length })
    if (!cut) return void response.end(object)
    response.write(object.subarray(0, object.length / 2), () => response.destroy())
  }
}

function refuse(response: ServerResponse, status: number, code: string): void {
  response.writeHead(status, { 'content-type': 'application/xml' })
  response.end(`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code></Error>`)
}
