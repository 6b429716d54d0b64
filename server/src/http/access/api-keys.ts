import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** A key that opens this server. */
export interface ApiKey {
  /** Tells it from others, and nothing else of it. */
  readonly id: string
  readonly digest: Buffer
}

/** As long as browsers keep a cookie: the page asks for the key once. */
export const sessionSeconds = 400 * 24 * 3600

const cookiePrefix = 'lookalike_session_'

export function toApiKey(text: string): ApiKey {
  const keyDigest = digest(text)
  return { id: sign(keyDigest, 'id').slice(0, 16), digest: keyDigest }
}

/** The key that a text is, in a time that says nothing of the others. */
export function findKey(keys: readonly ApiKey[], text: string): ApiKey | null {
  const wanted = digest(text)
  return keys.find((key) => timingSafeEqual(key.digest, wanted)) ?? null
}

/**
 * A name per key: servers on one host share its cookies whatever their port, and two with different
 * keys must not take each other's.
 */
export function cookieName(key: ApiKey): string {
  return cookiePrefix + key.id
}

/**
 * The proof of having had the key: when it ends, in seconds since 1970, signed by the key. It holds
 * on every server that has the key, over restarts, and until the key goes.
 */
export function sessionOf(key: ApiKey, expires: number): string {
  return `${expires}.${sign(key.digest, `session ${expires}`)}`
}

export function isSession(value: string | undefined, key: ApiKey): boolean {
  const expires = Number(value?.split('.')[0])
  if (value === undefined || !(expires > Date.now() / 1000)) return false
  return timingSafeEqual(digest(value), digest(sessionOf(key, expires)))
}

function sign(keyDigest: Buffer, text: string): string {
  return createHmac('sha256', keyDigest).update(text).digest('hex')
}

/** Hashing first makes texts of any length comparable in constant time. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
