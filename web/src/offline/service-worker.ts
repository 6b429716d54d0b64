/**
 * Keeps the page itself, so that it opens where the server cannot be reached. Answers of the server are kept by the
 * page (`kept-answers.ts`), pictures by the browser: they never change, and are fresh for a year.
 *
 * The build puts `shell` before it: so each build is another worker, and a browser that looks finds it.
 */
declare const shell: {
  readonly version: string
  /** Of the page's files, relative to it. */
  readonly files: readonly string[]
  /** Stands in the document of this build and in no other's. */
  readonly entry: string
}

/** What this needs of a worker's world, whose types cannot stand beside those of a document. */
interface WorkerScope {
  readonly registration: { readonly scope: string }
  readonly clients: { claim(): Promise<void> }
  skipWaiting(): Promise<void>
  addEventListener(type: 'install' | 'activate', listener: (event: Extendable) => void): void
  addEventListener(type: 'fetch', listener: (event: Fetched) => void): void
}
interface Extendable {
  waitUntil(work: Promise<unknown>): void
}
interface Fetched {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}

const worker = self as unknown as WorkerScope
const { scope } = worker.registration
const prefix = 'lookalike-shell-'
const name = prefix + shell.version
const start = new URL('.', scope).href

worker.addEventListener('install', (event) => event.waitUntil(keepShell()))
worker.addEventListener('activate', (event) => event.waitUntil(takeOver()))
worker.addEventListener('fetch', (event) => {
  const { request } = event
  const path = request.url.startsWith(scope) ? request.url.slice(scope.length) : null
  if (request.method !== 'GET' || path === null || /^(api|docs|metrics)\b/.test(path)) return
  // What was built under a name made of its content never changes; an older page may still ask for it.
  if (path.startsWith('assets/')) event.respondWith(keptFirst(request))
  else if (request.mode === 'navigate') event.respondWith(orKept(request, start))
  else if (shell.files.includes(path)) event.respondWith(orKept(request, request.url))
})

async function keepShell(): Promise<void> {
  const document = await fetch(start, { cache: 'no-cache' })
  // Between two of its requests the server may have got another page; that one has a worker of its own.
  if (!(await document.clone().text()).includes(shell.entry)) throw new Error('Another build')
  const cache = await caches.open(name)
  await cache.addAll(shell.files.map((file) => new URL(file, scope).href))
  await cache.put(start, document)
  await worker.skipWaiting()
}

/** Pages of the build before may be open, and load more of it yet; what is older goes. */
async function takeOver(): Promise<void> {
  const shells = (await caches.keys()).filter((key) => key.startsWith(prefix) && key !== name)
  await Promise.all(shells.slice(0, -1).map((key) => caches.delete(key)))
  await worker.clients.claim()
}

async function keptFirst(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request)
}

/** The server is asked first, so that nothing is older than it; what is kept is for where it gives no answer. */
async function orKept(request: Request, url: string): Promise<Response> {
  try {
    return await fetch(request)
  } catch (error) {
    const kept = await (await caches.open(name)).match(url)
    if (!kept) throw error
    return kept
  }
}
