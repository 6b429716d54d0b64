import { sha256 } from '@noble/hashes/sha2.js'

export interface Asked {
  key: number
  file: Blob
}

export interface Answered {
  key: number
  /** Lower-case hex; null: the file could not be read. */
  sha256: string | null
}

// Aside, because where browsers do not hash (over plain HTTP, but for localhost) a large file takes a while.
addEventListener('message', ({ data: { key, file } }: MessageEvent<Asked>) => {
  void hash(file)
    .catch(() => null)
    .then((sha256) => postMessage({ key, sha256 } satisfies Answered))
})

async function hash(file: Blob): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer())
  const digest = isSecureContext
    ? new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
    : sha256(bytes)
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
}
