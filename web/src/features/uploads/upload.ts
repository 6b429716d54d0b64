import type { Offered } from './offered.ts'

/**
 * - `waiting`: nothing was done yet; `ready`: it is new, and can be sent; `sending`
 * - `added`; `known`: the library has its bytes; `skipped`: it is no picture, or too large
 * - `failed`; `lost`: the page was left, and it did not keep the file
 */
export type UploadState =
  | 'waiting'
  | 'ready'
  | 'sending'
  | 'added'
  | 'known'
  | 'skipped'
  | 'failed'
  | 'lost'

/** Why it was not sent, before any server was asked. */
export type Skipped = 'empty' | 'large' | 'other' | 'unreadable'

export interface Upload {
  readonly key: string
  /** Of those that wait, the lowest is next. */
  readonly order: number
  readonly name: string
  readonly path: string
  readonly size: number
  state: UploadState
  file: File | null
  sha256: string | null
  skipped: Skipped | null
  /** In the server's words; null where it did not say any. */
  reason: string | null
  attempts: number
}

export const settled: readonly UploadState[] = ['added', 'known', 'skipped', 'failed', 'lost']

let last = 0

/** @param maxBytes that the server accepts */
export function uploadOf({ file, path }: Offered, maxBytes: number): Upload {
  const skipped = whySkipped(file, maxBytes)
  return {
    key: `${Date.now().toString(36)}-${++last}`,
    order: Date.now() * 1000 + (last % 1000),
    name: file.name,
    path,
    size: file.size,
    state: skipped ? 'skipped' : 'waiting',
    file: skipped ? null : file,
    sha256: null,
    skipped,
    reason: null,
    attempts: 0,
  }
}

/** What the server would say to be no picture is sent to it all the same, where the name leaves it open. */
function whySkipped({ name, type, size }: File, maxBytes: number): Skipped | null {
  if (/^\.|^(thumbs\.db|desktop\.ini)$/i.test(name)) return 'other'
  if (type !== '' && !type.startsWith('image/')) return 'other'
  if (size === 0) return 'empty'
  return size > maxBytes ? 'large' : null
}

/**
 * What a picture from a person's disk is known by: its bytes, and its name for people. The same picture
 * under two names is one, and two pictures of one name are two.
 */
export function uriOf(sha256: string, path: string): string {
  const parts = path.split('/').map(encodeURIComponent)
  const whole = `urn:sha256:${sha256}/${parts.join('/')}`
  return whole.length <= 2048 ? whole : `urn:sha256:${sha256}/${parts.at(-1)!.slice(-255)}`
}

/** The folder it lay in, which is worth a filter. */
export function folderOf(path: string): string | null {
  const end = path.lastIndexOf('/')
  return end > 0 ? path.slice(0, end) : null
}
