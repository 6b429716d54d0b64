import { createHash, createHmac, randomBytes } from 'node:crypto'

/** What keys can open, each all that the ones before it do. */
export const scopes = ['read', 'write', 'admin'] as const
export type Scope = (typeof scopes)[number]

/** A key that opens this server, of which only a hash is known. */
export interface ApiKey {
  readonly name: string
  readonly scope: Scope
  /** SHA-256 of its text. */
  readonly digest: Buffer
  /** Tells it from all others, those of the same name included, and nothing else of it. */
  readonly id: string
  /** ISO 8601; null where the settings name it. */
  readonly createdAt: string | null
  /** ISO 8601; null where it does not end. */
  readonly expiresAt: string | null
  /** Whether so many different texts are possible that nobody can try them: all that are made here. */
  readonly isLong: boolean
}

/** As hexadecimal digits, or base64, 32 characters are 128 bits and more. */
const longKey = 32

/**
 * `lk_` and 256 random bits: programs that look for secrets find it by its beginning, and nobody can try
 * them all.
 */
export function makeKeyText(): string {
  return `lk_${randomBytes(32).toString('base64url')}`
}

/**
 * SHA-256: of 256 random bits there is nothing that a slow hash would protect, for they cannot be
 * guessed, and each request hashes once.
 */
export function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** One of API_KEYS, which people make up; `position` counts from 1. */
export function keyOfSettings(text: string, position: number): ApiKey {
  return {
    ...identified(digestOf(text)),
    name: `API_KEYS[${position}]`,
    scope: 'admin',
    createdAt: null,
    expiresAt: null,
    isLong: text.length >= longKey,
  }
}

export function identified(digest: Buffer): Pick<ApiKey, 'digest' | 'id'> {
  return { digest, id: createHmac('sha256', digest).update('id').digest('hex').slice(0, 16) }
}

export function includes(held: Scope, asked: Scope): boolean {
  return scopes.indexOf(held) >= scopes.indexOf(asked)
}

export function hasExpired({ expiresAt }: ApiKey, now = Date.now()): boolean {
  return expiresAt !== null && Date.parse(expiresAt) <= now
}
