import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ModelFiles } from '../support/tiny-model.ts'
import { LocalServer } from './local-server.ts'

/** How the hub misbehaves; each test sets what it needs. */
export interface HubBehaviour {
  /** Drop the connection after so many bytes of a file, for the first `times` of its requests. */
  breakOff?: { bytes: number; times: number }
  /** Answer so what is asked under a path. */
  refuse?: { path: RegExp; status: number }
  /** Say that this file is another than it is. */
  lieAbout?: string
  /** Say that this file has so many bytes. */
  oversize?: { path: string; bytes: number }
  /** Give this instead of a file's bytes, of the same length. */
  exchange?: string
}

/** huggingface.co as far as it gives files of models, over real HTTP. */
export class FakeHub extends LocalServer {
  readonly #repositories: Readonly<Record<string, ModelFiles>>
  behaviour: HubBehaviour = {}
  commit = 'c0ffee'.padEnd(40, '0')
  /** Paths that were asked for, and where an answer was to begin. */
  readonly requests: { path: string; from: number; key: string | undefined }[] = []

  constructor(repositories: Readonly<Record<string, ModelFiles>>) {
    super()
    this.#repositories = repositories
  }

  /** Files that were asked for, by their names. */
  fetched(): string[] {
    return this.requests.flatMap(({ path }) => /\/resolve\/[^/]+\/(.+)$/.exec(path)?.[1] ?? [])
  }

  protected async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { refuse } = this.behaviour
    const path = request.url!.split('?')[0]!
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    this.requests.push({ path, from, key: request.headers.authorization })
    if (refuse?.path.test(path)) return void response.writeHead(refuse.status).end('refused')
    const [, repository = '', kind, revision, file] =
      /^\/api\/models\/([^/]+\/[^/]+)\/(revision|tree)\/([^/]+)()$/.exec(path) ??
      /^\/([^/]+\/[^/]+)\/(resolve)\/([^/]+)\/(.+)$/.exec(path) ??
      []
    const files = this.#repositories[repository]
    if (!files) return void response.writeHead(401).end('Repository not found')
    if (kind === 'revision') {
      const known = ['main', this.commit].includes(revision!)
      if (!known) return void response.writeHead(404).end('Invalid rev id')
      return void response.end(JSON.stringify({ id: repository, sha: this.commit }))
    }
    if (revision !== this.commit) return void response.writeHead(404).end('Invalid rev id')
    if (kind === 'tree') return void response.end(JSON.stringify(this.#listed(files)))
    const bytes = files[file!]
    if (!bytes) return void response.writeHead(404).end('Entry not found')
    this.#send(response, file!, bytes, from)
  }

  #send(response: ServerResponse, file: string, bytes: Buffer, from: number): void {
    const { breakOff, exchange } = this.behaviour
    const sent = file === exchange ? Buffer.alloc(bytes.length, 7) : bytes
    const headers = from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {} // prettier-ignore
    response.writeHead(from > 0 ? 206 : 200, { ...headers, 'content-length': bytes.length - from })
    if (breakOff && file.endsWith('.onnx') && breakOff.times-- > 0) {
      // What was written arrives, and nothing after it.
      response.write(sent.subarray(from, from + breakOff.bytes), () => response.socket!.end())
      return
    }
    response.end(sent.subarray(from))
  }

  #listed(files: ModelFiles): object[] {
    const { lieAbout, oversize } = this.behaviour
    return Object.entries(files).map(([path, bytes]) => {
      const size = path === oversize?.path ? oversize.bytes : bytes.length
      const said = path === lieAbout ? Buffer.from('another') : bytes
      // Large files are told by sha256, small ones as git does.
      if (path.endsWith('.onnx')) {
        const oid = createHash('sha256').update(said).digest('hex')
        return { type: 'file', path, size, oid: 'ab', lfs: { oid, size, pointerSize: 130 } }
      }
      const oid = createHash('sha1').update(`blob ${said.length}\0`).update(said).digest('hex')
      return { type: 'file', path, size, oid }
    })
  }
}
