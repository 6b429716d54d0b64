import { useSyncExternalStore } from 'react'
import { LookalikeApiError, type Client, type ImportEstimate } from '@lookalike/sdk'
import { unhide } from '../removals/removals.ts'
import { hash } from './hash.ts'
import { claim, forget, keep, left } from './kept.ts'
import type { Offered } from './offered.ts'
import { setPresent } from './present.ts'
import { folderOf, settled, uploadOf, uriOf, type Upload, type UploadState } from './upload.ts'

/** The server is asked of so many at once whether it has them. */
const lookedUp = 20
/** So many that are known to be new wait at most, unless their cost is to be said first. */
const ahead = 40
/** Sent at once. */
const width = 3
const attemptsAtMost = 3
const longestMs = 30_000

export interface Pause {
  /** `away`: no answer; `busy`: it said so; `full`: its disk is; `locked`: a key is needed; `refused`: by all means */
  why: 'away' | 'busy' | 'full' | 'locked' | 'refused'
  reason: string
}

export interface Uploads {
  all: readonly Upload[]
  counts: Readonly<Record<UploadState, number>>
  pause: Pause | null
  /** What the new ones will cost; there while nobody has agreed to that. */
  cost: ImportEstimate | null
  /** Nothing is left to do. */
  idle: boolean
}

let client: Client | null = null
let paid = false
let agreed = true
let uploads: Upload[] = []
let pause: Pause | null = null
let cost: ImportEstimate | null = null
let checking = false
let sending = 0
let allowed = width
let fails = 0
let timer: ReturnType<typeof setTimeout> | undefined
const inHand = new Set<string>()

/** Another window has a list of its own, which is not to be forgotten. */
let leftAlone = true

/** Goes on with what an earlier page left, once. */
let resuming: Promise<void> | null = null

/**
 * @param asked.paid whether models are paid for new pictures: then what they cost is said first
 */
export function startUploads(asked: { client: Client; paid: boolean }): Promise<void> {
  client = asked.client
  paid = asked.paid
  resuming ??= resume()
  if (pause?.why === 'locked') goOn()
  return resuming
}

async function resume(): Promise<void> {
  const found = await left()
  if (!found) return
  leftAlone = false
  for (const upload of found) {
    if (upload.state === 'sending' || upload.state === 'ready') upload.state = 'waiting'
    if (!upload.file && !settled.includes(upload.state)) upload.state = 'lost'
  }
  if (found.length > 0) {
    claim()
    uploads = [...found, ...uploads]
    agreed = !paid
  }
  changed()
  pump()
}

/** Takes files in hand: those that are new are sent. */
export async function bring(offered: readonly Offered[], maxBytes: number): Promise<void> {
  await resuming
  claim()
  const brought = offered.map((each) => uploadOf(each, maxBytes))
  // What was lost is here again.
  const names = new Set(brought.map(({ path, size }) => `${path} ${size}`))
  const found = uploads.filter(
    ({ state, path, size }) => state === 'lost' && names.has(`${path} ${size}`),
  )
  uploads = [...uploads.filter((each) => !found.includes(each)), ...brought]
  if (paid) agreed = false
  changed()
  pump()
  await forget(found.map(({ key }) => key))
  await keep(brought)
}

export function agree(): void {
  agreed = true
  cost = null
  changed()
  pump()
}

/** Tries what failed once more. */
export function retry(): void {
  for (const upload of uploads) {
    if (upload.state !== 'failed' || !upload.file) continue
    update(upload, { state: 'waiting', reason: null, attempts: 0 })
  }
  goOn()
}

export function goOn(): void {
  clearTimeout(timer)
  pause = null
  changed()
  pump()
}

/** Sends no more; what is on its way arrives. */
export function cancel(): void {
  drop(({ state }) => state !== 'sending' && !settled.includes(state))
  cost = null
}

/** Forgets what came to an end. */
export function clear(): void {
  drop(({ state }) => settled.includes(state))
}

function drop(unwanted: (upload: Upload) => boolean): void {
  const keys = uploads.filter(unwanted).map(({ key }) => key)
  uploads = uploads.filter((each) => !unwanted(each))
  void forget(keys)
  if (!uploads.some(({ state }) => !settled.includes(state))) clearPause()
  changed()
}

function clearPause(): void {
  clearTimeout(timer)
  pause = null
}

function pump(): void {
  if (pause || !client) return
  if (!checking) void check()
  while (agreed && sending < allowed && !pause) {
    const next = uploads.find(({ state }) => state === 'ready')
    if (!next) return
    void send(next)
  }
}

/** Which of the next are new. */
async function check(): Promise<void> {
  const ready = uploads.filter(({ state }) => state === 'ready').length
  const next = uploads.filter(({ state }) => state === 'waiting').slice(0, lookedUp)
  if (next.length === 0) return void tellCost()
  if (agreed && ready >= ahead) return
  checking = true
  try {
    for (const upload of next) {
      upload.sha256 ??= await hash(upload.file!)
      if (upload.sha256 === null) update(upload, { state: 'failed', skipped: 'unreadable' })
    }
    const hashes = next.flatMap(({ sha256 }) => sha256 ?? [])
    const known = new Set(
      hashes.length === 0
        ? []
        : (await client!.lookup(hashes))
            .filter(({ image_url }) => image_url !== null)
            .map(({ sha256 }) => sha256),
    )
    for (const upload of next) {
      if (upload.state !== 'waiting') continue
      const again = known.has(upload.sha256) || inHand.has(upload.sha256!)
      inHand.add(upload.sha256!)
      update(upload, { state: again ? 'known' : 'ready' })
    }
    fails = 0
  } catch (error) {
    wait(error)
  } finally {
    checking = false
    changed()
  }
  pump()
}

async function tellCost(): Promise<void> {
  const ready = uploads.filter(({ state }) => state === 'ready').length
  if (agreed || ready === 0 || cost?.images === ready) return
  checking = true
  try {
    cost = await client!.estimateImport(ready)
    if (cost.estimated_usd === 0) agreed = true
  } catch (error) {
    if (isPassing(error)) wait(error)
    // Nobody is paid, and nothing is to be said.
    else agreed = true
  } finally {
    checking = false
    if (agreed) cost = null
    changed()
  }
  pump()
}

async function send(upload: Upload): Promise<void> {
  sending++
  update(upload, { state: 'sending' })
  const folder = folderOf(upload.path)
  try {
    const { id } = await client!.index(upload.file!, {
      imageUri: uriOf(upload.sha256!, upload.path),
      ...(folder && { metadata: { folder } }),
    })
    unhide(id)
    update(upload, { state: 'added' })
    fails = 0
    if (allowed < width && sending === 1) allowed++
  } catch (error) {
    await failed(upload, error)
  } finally {
    sending--
  }
  pump()
}

async function failed(upload: Upload, error: unknown): Promise<void> {
  const attempts = upload.attempts + 1
  // A file that changed since it was chosen breaks off as the network does.
  const away = !(error instanceof LookalikeApiError) && !(await isThere())
  if (away || stopsAll(error)) {
    update(upload, { state: 'ready' })
    wait(error)
  } else if (isPassing(error) && attempts < attemptsAtMost) {
    update(upload, { state: 'ready', attempts })
  } else {
    inHand.delete(upload.sha256!)
    update(upload, { state: 'failed', reason: error instanceof Error ? error.message : null })
  }
}

async function isThere(): Promise<boolean> {
  return client!.health().then(
    () => true,
    () => false,
  )
}

/** What would be said to every other picture as well. */
function stopsAll(error: unknown): boolean {
  if (!(error instanceof LookalikeApiError)) return false
  return [401, 402, 403, 429, 502, 503, 504, 507].includes(error.problem.status)
}

function isPassing(error: unknown): boolean {
  return (error as { retryable?: boolean }).retryable === true
}

/** Lets the server come to itself, and asks less of it at first. */
function wait(error: unknown): void {
  const status = error instanceof LookalikeApiError ? error.problem.status : 0
  const why =
    status === 401
      ? 'locked'
      : status === 402 || status === 403
        ? 'refused'
        : status === 507
          ? 'full'
          : status === 0
            ? 'away'
            : 'busy'
  pause = { why, reason: error instanceof Error ? error.message : String(error) }
  allowed = 1
  changed()
  clearTimeout(timer)
  if (why === 'locked' || why === 'refused') return
  const said = error instanceof LookalikeApiError ? (error.retryAfter ?? 0) * 1000 : 0
  const grown = Math.min(longestMs, 1000 * 2 ** fails++)
  timer = setTimeout(goOn, why === 'full' ? longestMs : Math.max(said, grown))
}

addEventListener('online', () => {
  if (pause?.why === 'away') goOn()
})

function update(upload: Upload, what: Partial<Upload>): void {
  Object.assign(upload, what)
  const over = upload.state === 'added' || upload.state === 'known'
  if (over) {
    // The bytes are not needed any more.
    upload.file = null
    ended.push(upload.key)
  } else if (settled.includes(upload.state)) rewritten.push(upload)
  changed()
}

let ended: string[] = []
let rewritten: Upload[] = []
let shown: Uploads = view()
const listeners = new Set<() => void>()
let due: ReturnType<typeof setTimeout> | undefined

/** Told of at most ten times a second, however many there are. */
function changed(): void {
  due ??= setTimeout(() => {
    due = undefined
    shown = view()
    if (uploads.length > 0 || !leftAlone) setPresent(uploads.length > 0)
    for (const listener of listeners) listener()
    if (ended.length > 0) void forget(ended)
    if (rewritten.length > 0) void keep(rewritten)
    ended = []
    rewritten = []
  }, 100)
}

function view(): Uploads {
  const counts: Record<UploadState, number> = {
    waiting: 0,
    ready: 0,
    sending: 0,
    added: 0,
    known: 0,
    skipped: 0,
    failed: 0,
    lost: 0,
  }
  for (const { state } of uploads) counts[state]++
  const idle = counts.waiting + counts.ready + counts.sending === 0
  return { all: [...uploads], counts, pause, cost, idle }
}

export function useUploads(): Uploads {
  return useSyncExternalStore(subscribe, () => shown)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
