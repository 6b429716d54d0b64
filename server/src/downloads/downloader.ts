import { isIP } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { CookieJar } from 'tough-cookie'
import { Agent, request, type Dispatcher } from 'undici'
import { Gate, type GateFigures } from '../admission/gate.ts'
import { LookalikeError } from '../errors.ts'
import { acceptedEncodings, decoded } from './decoded.ts'
import { addressCheck } from './public-addresses.ts'
import { BlockedAddress, checkedLookup } from './checked-lookup.ts'
import { nameResolver, type Resolve } from './names.ts'

const maxRedirects = 5
/** How often a server that asks for patience is asked again. */
const maxWaits = 2
/** Many servers turn away whoever does not say who it is. */
const userAgent = 'Lookalike (image similarity search)'

export interface Download {
  /** Fails with a `LookalikeError` when the file is too large, too slow or breaks off. */
  readonly stream: Readable
  /** The last part of the address it was found at. */
  readonly filename: string | null
}

/** Fetches files from other servers, for callers who must not be able to reach this network's own. */
export interface Downloader {
  /**
   * The stream must be read or destroyed.
   *
   * @throws LookalikeError `blocked_url`, `unreachable_url`, `upload_too_large`, `overloaded`
   */
  open(url: string, signal: AbortSignal): Promise<Download>
  readonly load: GateFigures
}

export interface DownloaderOptions {
  /** Ranges in CIDR notation that may be fetched from although they are not public. */
  readonly privateRanges: string[]
  readonly maxBytes: number
  /** For waiting, name, connection, redirects and the whole body together. */
  readonly timeoutMs?: number
  readonly resolve?: Resolve
  /** Fetches under way at once. */
  readonly maxFetches?: number
  /** Fetches that wait for those; more are refused. */
  readonly maxWaiting?: number
}

export function openDownloader({
  privateRanges,
  maxBytes,
  timeoutMs = 30_000,
  resolve = nameResolver(),
  maxFetches = 64,
  maxWaiting = 64,
}: DownloaderOptions): Downloader {
  const isAllowed = addressCheck(privateRanges)
  const gate = new Gate({
    capacity: maxFetches,
    maxWaiting,
    // What is left of the time has to do for fetching.
    maxWaitMs: timeoutMs / 2,
    refusal:
      'Too many pictures are being fetched by image_url at once; one that is sent as image_file needs no fetching.',
  })

  return {
    load: gate,
    async open(text, caller) {
      const deadline = AbortSignal.timeout(timeoutMs)
      const signal = AbortSignal.any([caller, deadline])
      const endTurn = await gate.enter({ signal: caller })
      // Each fetch has connections of its own, so that none outlives its check.
      const lookup = checkedLookup(isAllowed, resolve, signal)
      const dispatcher = new Agent({ connect: { lookup } })
      const finish = async () => {
        endTurn()
        await dispatcher.destroy()
      }
      const explained = (error: unknown) => {
        caller.throwIfAborted()
        return deadline.aborted ? tooSlow(timeoutMs) : explain(error)
      }
      try {
        const { url, answer } = await follow(text, { dispatcher, signal })
        if (Number(answer.headers['content-length']) > maxBytes) {
          leave(answer)
          throw tooLarge(maxBytes)
        }
        const encoding = [answer.headers['content-encoding']].flat().join(',')
        const plain = decoded(answer.body, encoding)
        if (!plain) {
          leave(answer)
          throw unreachable(`it is encoded as ${encoding}, which is not known here`)
        }
        const stream = Readable.from(bounded(plain, maxBytes, explained))
        // Also when nobody began to read.
        stream.once('close', () => void finish())
        return { stream, filename: url.pathname.split('/').at(-1) || null }
      } catch (error) {
        await finish()
        throw explained(error)
      }
    },
  }

  /** Cookies live as long as one chain of redirects: some servers send around whoever comes without. */
  async function follow(text: string, options: { dispatcher: Agent; signal: AbortSignal }) {
    const cookies = new CookieJar()
    const until = Date.now() + timeoutMs
    let url = parse(text)
    let waits = 0
    for (let redirects = 0; redirects <= maxRedirects;) {
      checkLiteral(url)
      const cookie = await cookies.getCookieString(url.href)
      const answer = await request(url, {
        ...options,
        headers: {
          accept: 'image/*',
          'accept-encoding': acceptedEncodings,
          'user-agent': userAgent,
          ...(cookie && { cookie }),
        },
      })
      if (answer.statusCode >= 200 && answer.statusCode < 300) return { url, answer }
      leave(answer)
      for (const set of [answer.headers['set-cookie'] ?? []].flat()) {
        await cookies.setCookie(set, url.href, { ignoreError: true })
      }
      const pause = pauseOf(answer)
      if (pause !== undefined && waits++ < maxWaits && Date.now() + pause < until) {
        await sleep(pause, undefined, { signal: options.signal })
        continue
      }
      url = nextUrl(url, answer)
      redirects++
    }
    throw unreachable(`it redirects more than ${maxRedirects} times`)
  }

  /** A socket looks up names only: an address in the URL itself would pass by the lookup. */
  function checkLiteral({ hostname }: URL): void {
    const address = hostname.replace(/^\[|\]$/g, '')
    if (isIP(address) !== 0 && !isAllowed(address)) throw blocked()
  }
}

function parse(text: string, base?: URL): URL {
  const url = URL.parse(text, base)
  if (!url) throw unreachable('that is no URL')
  if (url.username !== '' || url.password !== '') {
    throw new LookalikeError(
      'blocked_url',
      'image_url must hold no user and no password: whoever sees the record would have them. Send the file itself.',
    )
  }
  if (url.protocol === 'http:' || url.protocol === 'https:') return url
  throw new LookalikeError(
    'blocked_url',
    `image_url leads to ${url.protocol}, and only http: and https: are fetched.`,
  )
}

function nextUrl(from: URL, { statusCode, headers }: Dispatcher.ResponseData): URL {
  const location = [headers['location']].flat()[0]
  if (statusCode >= 300 && statusCode < 400 && location) return parse(location, from)
  throw unreachable(`the server there answers ${statusCode}`)
}

/** How long a server asks to be left alone, in milliseconds, by seconds or by date. */
function pauseOf({ statusCode, headers }: Dispatcher.ResponseData): number | undefined {
  if (statusCode !== 429 && statusCode !== 503) return undefined
  const [after] = [headers['retry-after']].flat()
  if (!after) return undefined
  const wait = /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - Date.now()
  return Number.isNaN(wait) ? undefined : Math.max(0, wait)
}

/** A body that is not read must not emit an unhandled error. */
function leave({ body }: Dispatcher.ResponseData): void {
  body.on('error', () => {}).destroy()
}

async function* bounded(
  body: Readable,
  maxBytes: number,
  explained: (error: unknown) => unknown,
): AsyncGenerator<Buffer> {
  let bytes = 0
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length
      if (bytes > maxBytes) throw tooLarge(maxBytes)
      yield chunk
    }
  } catch (error) {
    throw explained(error)
  }
}

function explain(error: unknown): unknown {
  if (error instanceof LookalikeError) return error
  // With several addresses to try, the socket's errors come together.
  const causes = error instanceof AggregateError ? error.errors : [error]
  if (causes.some((cause) => cause instanceof BlockedAddress)) return blocked(error)
  const code = (causes[0] as NodeJS.ErrnoException | undefined)?.code
  if (code === 'ENOTFOUND' || code === 'ENODATA')
    return unreachable('its host name is not known', error)
  if (code && unanswered.has(code)) return unreachable('no name server answers for its host', error)
  return unreachable('the connection failed or broke off', error)
}

/** What name servers do instead of answering; a socket has no `ETIMEOUT`, it has `ETIMEDOUT`. */
const unanswered = new Set(['ETIMEOUT', 'ESERVFAIL', 'EREFUSED', 'ECANCELLED'])

/** Does not say which address it is: a caller could map this network by asking. */
function blocked(cause?: unknown): LookalikeError {
  return new LookalikeError(
    'blocked_url',
    'image_url leads to an address that is not public. Send the file itself as image_file; or, where this ' +
      'server is meant to fetch from that network, name its range in ALLOW_PRIVATE_URLS.',
    { cause },
  )
}

function unreachable(why: string, cause?: unknown): LookalikeError {
  return new LookalikeError(
    'unreachable_url',
    `image_url cannot be fetched: ${why}. Check the URL, or send the file itself as image_file.`,
    { cause },
  )
}

function tooSlow(timeoutMs: number): LookalikeError {
  return unreachable(`it did not arrive within ${timeoutMs / 1000} s`)
}

function tooLarge(maxBytes: number): LookalikeError {
  return new LookalikeError(
    'upload_too_large',
    `The file at image_url is larger than ${maxBytes / 1e6} MB, the most this server accepts (MAX_UPLOAD_MB).`,
  )
}
