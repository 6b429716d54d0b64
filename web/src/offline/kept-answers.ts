/** A page is never shown what was answered to another version of it. */
const prefix = 'lookalike-answers-'
const name = prefix + __BUILD__
/** The oldest go first. */
const most = 400
const keptAt = 'x-kept-at'

/** What is worth reading again: the library, and what was asked of it. Neither keys nor cost, nor pictures themselves. */
const read =
  /\/api\/(info|vocabulary|map|duplicates|facets\/[^/]+|images|images\/outline|images\/[0-9a-f-]{36}(\/similar|\/why|\/statements)?)$/
const asked = /\/api\/images\/search(-text)?$/

let since: Date | null = null
let epoch = 0
const listeners = new Set<() => void>()

/** Since when what is shown has not been asked for anew, because the server cannot be reached; null: it can. */
export function keptSince(): Date | null {
  return since
}

export function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Tells of a time of `keptSince`; the latest counts. */
export function setSince(time: Date | null): void {
  if (time === since || (time && since && time <= since)) return
  since = time
  for (const listener of listeners) listener()
}

/**
 * A `fetch` that keeps answers, and gives the last one where the server cannot be reached. It needs a page that came
 * over HTTPS or from this computer: elsewhere browsers keep nothing for a page, and nothing changes.
 */
export function keepingAnswers(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  if (!('caches' in globalThis)) return fetch
  return async (input, init) => {
    const key = keyOf(input, init)
    const began = epoch
    try {
      const response = await fetch(input, init)
      setSince(null)
      // Whoever was signed in is no longer.
      if (response.status === 401) void forgetAnswers()
      else if (key && isKept(response)) void keep(key, response.clone(), began)
      return response
    } catch (error) {
      const kept = key && !init?.signal?.aborted ? await recalled(key) : undefined
      if (!kept) throw error
      setSince(new Date(kept.headers.get(keptAt)!))
      return kept
    }
  }
}

/** Forgets every answer: they were for whoever had signed in. */
export async function forgetAnswers(): Promise<void> {
  epoch++
  if (!('caches' in globalThis)) return
  const names = (await caches.keys().catch(() => [])).filter((each) => each.startsWith(prefix))
  await Promise.allSettled(names.map((each) => caches.delete(each)))
}

/** Makes room: answers to older versions of the page, and the oldest of this one. */
export async function tidyAnswers(): Promise<void> {
  if (!('caches' in globalThis)) return
  const names = await caches.keys()
  await Promise.all(
    names
      .filter((each) => each.startsWith(prefix) && each !== name)
      .map((each) => caches.delete(each)),
  )
  const cache = await caches.open(name)
  const keys = await cache.keys()
  for (const key of keys.slice(0, -most)) await cache.delete(key)
}

/** The address under which an answer is kept; null: it is not. */
function keyOf(input: RequestInfo | URL, init: RequestInit = {}): string | null {
  const url = new URL(input instanceof Request ? input.url : input, location.href)
  const { method = 'GET', body } = init
  if (method === 'GET' && read.test(url.pathname)) return url.href
  // Pictures from outside are not kept, nor what was found for them.
  const question = body instanceof FormData && !body.has('image_file') ? body.get('question') : body
  if (method !== 'POST' || typeof question !== 'string' || !asked.test(url.pathname)) return null
  url.searchParams.set('asked', question)
  return url.href
}

/** A search that tells of its stages is kept with them: they are told again, all at once. */
function isKept({ ok, headers }: Response): boolean {
  const type = typeOf(headers)
  if (type === eventStream) return ok
  return ok && type !== null && !/no-store/.test(headers.get('cache-control') ?? '')
}

const eventStream = 'text/event-stream'

function typeOf(headers: Headers): string | null {
  const known = /^(application\/json|text\/event-stream)\b/
  return known.exec(headers.get('content-type') ?? '')?.[0] ?? null
}

async function keep(key: string, response: Response, began: number): Promise<void> {
  try {
    const type = typeOf(response.headers)!
    const body = await response.text()
    // What came of it may be an error.
    if (type === eventStream && !/^event: ?result$/m.test(body)) return
    const cache = await caches.open(name)
    // Somebody signed out while it came.
    if (began !== epoch) return
    const headers = { 'content-type': type, [keptAt]: new Date().toISOString() }
    await cache.put(key, new Response(body, { headers }))
  } catch {
    // It broke off, or there is no room: then there is nothing to be read again.
  }
}

async function recalled(key: string): Promise<Response | undefined> {
  try {
    return await (await caches.open(name)).match(key)
  } catch {
    return undefined
  }
}
