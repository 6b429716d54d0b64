import { useSyncExternalStore } from 'react'
import type { Client } from '@lookalike/sdk'

/** Pictures that a person has deleted, and may want back. */
export interface Removal {
  readonly key: number
  readonly ids: readonly string[]
  /** `held`: the server has not been asked yet. */
  readonly state: 'held' | 'deleting' | 'done' | 'failed'
  readonly error: unknown
}

/** For so long they can be had back, in ms, while the page is looked at. */
export const heldMs = 20_000
/** What the server deletes at once at most. */
const atOnce = 1000

let removals: readonly Removal[] = []
/** What is not shown, though lists may hold it: deleted, or about to be. */
let hidden: ReadonlySet<string> = new Set()
const listeners = new Set<() => void>()
const countdowns = new Map<number, Countdown>()
let lastKey = 0

interface Countdown {
  left: number
  timer: ReturnType<typeof setTimeout> | undefined
  since: number
  /** What keeps it from running: it is pointed at, it has the focus, or the page is not seen. */
  stoppedBy: Set<string>
  end: () => void
}

/**
 * Takes pictures out of sight, and has the server delete them once they can no longer be had back. Until then
 * nothing has happened: who closes the page keeps them.
 */
export function removePictures(client: Client, ids: readonly string[]): void {
  if (ids.length === 0) return
  const key = ++lastKey
  change([...removals, { key, ids, state: 'held', error: null }])
  count(key, () => void deleteNow(client, key))
}

export function undoRemoval(key: number): void {
  const removal = removals.find((each) => each.key === key)
  if (removal?.state !== 'held') return
  stopCounting(key)
  change(removals.filter((each) => each !== removal))
}

export async function deleteNow(client: Client, key: number): Promise<void> {
  const removal = removals.find((each) => each.key === key)
  if (!removal || removal.state === 'deleting' || removal.state === 'done') return
  stopCounting(key)
  update(key, { state: 'deleting', error: null })
  try {
    for (let from = 0; from < removal.ids.length; from += atOnce) {
      await client.removeMany(removal.ids.slice(from, from + atOnce))
    }
    update(key, { state: 'done' })
  } catch (error) {
    // What was deleted before it failed is asked for again, which is no error.
    update(key, { state: 'failed', error })
  }
}

/** No more is said of it; what failed is there again. */
export function dismissRemoval(key: number): void {
  change(
    removals.filter((each) => each.key !== key),
    removals.find((each) => each.key === key && each.state === 'done')?.ids,
  )
}

/** A picture that was deleted is here again. */
export function unhide(id: string): void {
  if (!gone.includes(id)) return
  gone = gone.filter((each) => each !== id)
  change(removals)
}

/** Stops the countdowns while somebody is about to use them, or nobody sees them. */
export function holdCountdown(key: number, reason: string, hold: boolean): void {
  const countdown = countdowns.get(key)
  if (!countdown) return
  const ran = countdown.stoppedBy.size === 0
  if (hold) countdown.stoppedBy.add(reason)
  else countdown.stoppedBy.delete(reason)
  const runs = countdown.stoppedBy.size === 0
  if (ran && !runs) {
    clearTimeout(countdown.timer)
    countdown.left -= Date.now() - countdown.since
  } else if (!ran && runs) start(countdown)
}

export function useRemovals(): readonly Removal[] {
  return useSyncExternalStore(subscribe, () => removals)
}

export function useHidden(): ReadonlySet<string> {
  return useSyncExternalStore(subscribe, () => hidden)
}

function count(key: number, end: () => void): void {
  const countdown: Countdown = {
    left: heldMs,
    timer: undefined,
    since: 0,
    stoppedBy: new Set(document.hidden ? ['unseen'] : []),
    end,
  }
  countdowns.set(key, countdown)
  if (!document.hidden) start(countdown)
}

function start(countdown: Countdown): void {
  countdown.since = Date.now()
  countdown.timer = setTimeout(countdown.end, Math.max(0, countdown.left))
}

function stopCounting(key: number): void {
  clearTimeout(countdowns.get(key)?.timer)
  countdowns.delete(key)
}

document.addEventListener('visibilitychange', () => {
  for (const key of countdowns.keys()) holdCountdown(key, 'unseen', document.hidden)
})

function update(key: number, what: Partial<Removal>): void {
  change(removals.map((each) => (each.key === key ? { ...each, ...what } : each)))
}

let gone: readonly string[] = []

function change(next: readonly Removal[], forGood: readonly string[] = []): void {
  removals = next
  gone = [...gone, ...forGood]
  hidden = new Set([
    ...gone,
    ...next.filter(({ state }) => state !== 'failed').flatMap(({ ids }) => ids),
  ])
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
