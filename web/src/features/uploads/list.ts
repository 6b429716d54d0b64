import { useSyncExternalStore } from 'react'
import type { ImportEstimate } from '@lookalike/sdk'
import type { Pause } from './failures.ts'
import { forget, keep, left } from './kept.ts'
import { setPresent } from './present.ts'
import { settled, type Upload, type UploadState } from './upload.ts'

export interface Uploads {
  all: readonly Upload[]
  counts: Readonly<Record<UploadState, number>>
  pause: Pause | null
  /** What the new ones will cost; there while nobody has agreed to that. */
  cost: ImportEstimate | null
  /** Nothing is left to do. */
  idle: boolean
}

/** What there is to do, as the queue has it; whoever changes it says so with `changed`. */
export const list = {
  uploads: [] as Upload[],
  pause: null as Pause | null,
  cost: null as ImportEstimate | null,
}

/** Another window has a list of its own, which is not to be forgotten. */
let leftAlone = true

/** What an earlier page left, which this one goes on with; null where another window has it in hand. */
export async function takeOver(): Promise<Upload[] | null> {
  const found = await left()
  if (found) leftAlone = false
  return found
}

export function update(upload: Upload, what: Partial<Upload>): void {
  Object.assign(upload, what)
  const over = upload.state === 'added' || upload.state === 'known'
  if (over) {
    // The bytes are not needed any more.
    upload.file = null
    ended.push(upload.key)
  } else if (settled.includes(upload.state)) rewritten.push(upload)
  changed()
}

/** They are on the list no more, and nothing is kept of them. */
export function drop(unwanted: (upload: Upload) => boolean): void {
  const keys = list.uploads.filter(unwanted).map(({ key }) => key)
  list.uploads = list.uploads.filter((each) => !unwanted(each))
  void forget(keys)
  changed()
}

let ended: string[] = []
let rewritten: Upload[] = []
let shown: Uploads = view()
const listeners = new Set<() => void>()
let due: ReturnType<typeof setTimeout> | undefined

/** Told of at most ten times a second, however many there are. */
export function changed(): void {
  due ??= setTimeout(() => {
    due = undefined
    shown = view()
    if (list.uploads.length > 0 || !leftAlone) setPresent(list.uploads.length > 0)
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
  for (const { state } of list.uploads) counts[state]++
  const idle = counts.waiting + counts.ready + counts.sending === 0
  return { all: [...list.uploads], counts, pause: list.pause, cost: list.cost, idle }
}

export function useUploads(): Uploads {
  return useSyncExternalStore(subscribe, () => shown)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
