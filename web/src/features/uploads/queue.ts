import { LookalikeApiError, type Client } from '@lookalike/sdk'
import { unhide } from '../removals/removals.ts'
import { isPassing, pauseFor, saidMs, stopsAll } from './failures.ts'
import { hash } from './hash.ts'
import { claim, forget, keep } from './kept.ts'
import { changed, drop, list, takeOver, update } from './list.ts'
import type { Offered } from './offered.ts'
import { folderOf, settled, uploadOf, uriOf, type Upload } from './upload.ts'

/** The server is asked of so many at once whether it has them. */
const lookedUp = 20
/** So many that are known to be new wait at most, unless their cost is to be said first. */
const ahead = 40
/** Sent at once. */
const width = 3
const attemptsAtMost = 3
const longestMs = 30_000

let client: Client | null = null
let paid = false
let agreed = true
let checking = false
let sending = 0
let allowed = width
let fails = 0
let timer: ReturnType<typeof setTimeout> | undefined
const inHand = new Set<string>()

/** Goes on with what an earlier page left, once. */
let resuming: Promise<void> | null = null

/**
 * @param asked.paid whether models are paid for new pictures: then what they cost is said first
 */
export function startUploads(asked: { client: Client; paid: boolean }): Promise<void> {
  client = asked.client
  paid = asked.paid
  resuming ??= resume()
  if (list.pause?.why === 'locked') goOn()
  return resuming
}

async function resume(): Promise<void> {
  const found = await takeOver()
  if (!found) return
  for (const upload of found) {
    if (upload.state === 'sending' || upload.state === 'ready') upload.state = 'waiting'
    if (!upload.file && !settled.includes(upload.state)) upload.state = 'lost'
  }
  if (found.length > 0) {
    claim()
    list.uploads = [...found, ...list.uploads]
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
  const found = list.uploads.filter(
    ({ state, path, size }) => state === 'lost' && names.has(`${path} ${size}`),
  )
  list.uploads = [...list.uploads.filter((each) => !found.includes(each)), ...brought]
  if (paid) agreed = false
  changed()
  pump()
  await forget(found.map(({ key }) => key))
  await keep(brought)
}

export function agree(): void {
  agreed = true
  list.cost = null
  changed()
  pump()
}

/** Tries what failed once more. */
export function retry(): void {
  for (const upload of list.uploads) {
    if (upload.state !== 'failed' || !upload.file) continue
    update(upload, { state: 'waiting', reason: null, attempts: 0 })
  }
  goOn()
}

export function goOn(): void {
  clearPause()
  changed()
  pump()
}

/** Sends no more; what is on its way arrives. */
export function cancel(): void {
  dropAll(({ state }) => state !== 'sending' && !settled.includes(state))
  list.cost = null
}

/** Forgets what came to an end. */
export function clear(): void {
  dropAll(({ state }) => settled.includes(state))
}

function dropAll(unwanted: (upload: Upload) => boolean): void {
  drop(unwanted)
  if (!list.uploads.some(({ state }) => !settled.includes(state))) clearPause()
}

function clearPause(): void {
  clearTimeout(timer)
  list.pause = null
}

function pump(): void {
  if (list.pause || !client) return
  if (!checking) void check()
  while (agreed && sending < allowed && !list.pause) {
    const next = list.uploads.find(({ state }) => state === 'ready')
    if (!next) return
    void send(next)
  }
}

/** Which of the next are new. */
async function check(): Promise<void> {
  const ready = list.uploads.filter(({ state }) => state === 'ready').length
  const next = list.uploads.filter(({ state }) => state === 'waiting').slice(0, lookedUp)
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
  const ready = list.uploads.filter(({ state }) => state === 'ready').length
  if (agreed || ready === 0 || list.cost?.images === ready) return
  checking = true
  try {
    list.cost = await client!.estimateImport(ready)
    if (list.cost.estimated_usd === 0) agreed = true
  } catch (error) {
    if (isPassing(error)) wait(error)
    // Nobody is paid, and nothing is to be said.
    else agreed = true
  } finally {
    checking = false
    if (agreed) list.cost = null
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

/** Lets the server come to itself, and asks less of it at first. */
function wait(error: unknown): void {
  const pause = pauseFor(error)
  list.pause = pause
  allowed = 1
  changed()
  clearTimeout(timer)
  if (pause.why === 'locked' || pause.why === 'refused') return
  const grown = Math.min(longestMs, 1000 * 2 ** fails++)
  timer = setTimeout(goOn, pause.why === 'full' ? longestMs : Math.max(saidMs(error), grown))
}

addEventListener('online', () => {
  if (list.pause?.why === 'away') goOn()
})
