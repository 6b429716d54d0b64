import { fetch, type Dispatcher, type Response } from 'undici'
import { z } from 'zod'
import { LookalikeError, quoteOf } from '../../../errors.ts'
import { openDispatcher } from '../../../providers/dispatcher.ts'
import type { HubOptions } from '../options.ts'

/** A file in a repository, with what it must be. */
export interface HubFile {
  readonly path: string
  readonly bytes: number
  /** Of large files. */
  readonly sha256?: string | undefined
  /** Of the others, as git names their content. */
  readonly gitBlob?: string | undefined
}

const commit = z.object({ sha: z.string().regex(/^[0-9a-f]{40}$/) })
const tree = z.array(
  z.object({
    type: z.string(),
    path: z.string(),
    size: z.int().nonnegative().default(0),
    oid: z.string().optional(),
    lfs: z.object({ oid: z.string(), size: z.int().nonnegative() }).nullish(),
  }),
)

/** Longest that an answer, or the next bytes of it, are waited for. */
export const stallMs = 30_000

/** huggingface.co, or a server that answers as it does. https://huggingface.co/docs/hub/api */
export class Hub {
  readonly endpoint: string
  readonly #token: string | undefined
  readonly #dispatcher: Dispatcher

  constructor({ endpoint, token, proxies }: HubOptions) {
    this.endpoint = endpoint
    this.#token = token
    this.#dispatcher = openDispatcher(proxies)
  }

  /** The commit that a branch, a tag or a commit is now. */
  async commitOf(repository: string, revision = 'main'): Promise<string> {
    const path = `/api/models/${repository}/revision/${encodeURIComponent(revision)}`
    return this.#read(commit, path, repository).then(({ sha }) => sha)
  }

  async files(repository: string, revision: string): Promise<HubFile[]> {
    const path = `/api/models/${repository}/tree/${revision}?recursive=true`
    const entries = await this.#read(tree, path, repository)
    return entries
      .filter(({ type }) => type === 'file')
      .map(({ path: name, size, oid, lfs }) =>
        lfs
          ? { path: name, bytes: lfs.size, sha256: lfs.oid.replace(/^sha256:/, '') }
          : { path: name, bytes: size, gitBlob: oid },
      )
  }

  /** @param from byte that the answer is to begin with */
  open(
    repository: string,
    revision: string,
    path: string,
    from: number,
    signal: AbortSignal,
  ): Promise<Response> {
    const range: Record<string, string> = from > 0 ? { range: `bytes=${from}-` } : {}
    return this.#get(`/${repository}/resolve/${revision}/${path}`, repository, signal, range)
  }

  async #read<T>(schema: z.ZodType<T>, path: string, repository: string): Promise<T> {
    const answer = await this.#get(path, repository, AbortSignal.timeout(stallMs), {})
    const parsed = schema.safeParse(await answer.json().catch(() => undefined))
    if (parsed.success) return parsed.data
    throw new LookalikeError(
      'provider_rejected',
      `${this.endpoint} does not answer as huggingface.co does (${path}). Check HF_ENDPOINT.`,
      { cause: parsed.error },
    )
  }

  async #get(
    path: string,
    repository: string,
    signal: AbortSignal,
    headers: Record<string, string>,
  ): Promise<Response> {
    // Taken away by `fetch` where a redirect leads to another server.
    const authorization = this.#token ? { authorization: `Bearer ${this.#token}` } : {}
    const answer = await fetch(this.endpoint + path, {
      headers: { ...headers, ...authorization, 'accept-encoding': 'identity' },
      signal,
      dispatcher: this.#dispatcher,
    }).catch((error: unknown) => {
      throw this.#unreachable(repository, error)
    })
    if (answer.ok || answer.status === 416) return answer
    await answer.body?.cancel()
    throw this.#refused(repository, path, answer.status)
  }

  #unreachable(repository: string, cause: unknown): LookalikeError {
    return new LookalikeError(
      'provider_unavailable',
      `The files of the model ${repository} cannot be fetched: ${this.endpoint} cannot be reached. Check the network, ` +
        'HF_ENDPOINT (a mirror will do) and HTTPS_PROXY; or copy the folder models of a DATA_DIR that has them, and set LOCAL_OFFLINE=true.',
      { cause },
    )
  }

  #refused(repository: string, path: string, status: number): LookalikeError {
    if (status === 401 || status === 403) {
      return new LookalikeError(
        'provider_rejected',
        `${this.endpoint} does not give the model ${repository} to everyone (${status}): there may be no such model, or its licence ` +
          'has to be accepted. Look at its page there, accept it, make a token and set HF_TOKEN.',
      )
    }
    if (status === 404) {
      return new LookalikeError(
        'provider_rejected',
        `${this.endpoint} has nothing at ${quoteOf(path, 200)} (404). Check LOCAL_MODEL: the repository and the revision after @.`,
      )
    }
    return new LookalikeError(
      status === 429 || status >= 500 ? 'provider_unavailable' : 'provider_rejected',
      `${this.endpoint} answered ${status} for the model ${repository}. Try again later, or set HF_ENDPOINT to a mirror.`,
    )
  }
}
