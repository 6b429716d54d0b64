import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { isDiskFull, storageFull } from '../errors.ts'
import { ConfigError } from '../setting-types.ts'
import { replaceDurably } from '../sqlite/durable-files.ts'
import { identified, scopes, type ApiKey } from './api-key.ts'

const keyFileName = 'keys.json'

/** Files without one are of the first. Older programs pass over what they do not know, and so it is named. */
const keyFileFormat = 1

const stored = z.object({
  format: z.literal(keyFileFormat).default(keyFileFormat),
  keys: z.array(
    z.object({
      name: z.string().min(1),
      scope: z.enum(scopes),
      sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits'),
      created_at: z.string(),
      expires_at: z.iso.datetime({ offset: true }).nullable(),
    }),
  ),
})

/** `keys.json` in DATA_DIR: what keys there are besides those of the settings, as hashes. */
export class KeyFile {
  readonly #path: string
  /** Of what was read last. */
  version = ''
  #keys: readonly ApiKey[] = []

  constructor(dataDir: string) {
    this.#path = join(dataDir, keyFileName)
  }

  /**
   * As the file is now: it is read again when it is another than before, so that what anybody changes in
   * it, another server included, holds from the next request on.
   *
   * @throws ConfigError when it cannot be read; once for each version of it, and then as it was before
   */
  read(): readonly ApiKey[] {
    const version = this.#look()
    if (version !== this.version) {
      this.version = version
      this.#keys = version === '' ? [] : this.#parse()
    }
    return this.#keys
  }

  /** Replaces all of it; on disk when this returns, and never half. */
  write(keys: readonly ApiKey[]): void {
    const text = JSON.stringify({ format: keyFileFormat, keys: keys.map(toStored) }, null, 2)
    try {
      // Whoever else works on this machine need not even know the hashes.
      replaceDurably(
        this.#path,
        `${text}
`,
        0o600,
      )
    } catch (error) {
      throw isDiskFull(error) ? storageFull(error) : error
    }
  }

  #look(): string {
    const found = statSync(this.#path, { bigint: true, throwIfNoEntry: false })
    return found ? `${found.ino} ${found.mtimeNs} ${found.ctimeNs} ${found.size}` : ''
  }

  #parse(): ApiKey[] {
    let given: unknown
    try {
      given = JSON.parse(readFileSync(this.#path, 'utf8'))
    } catch (error) {
      throw unreadable(error instanceof SyntaxError ? 'it is not JSON' : String(error))
    }
    const { format } = (given ?? {}) as { format?: unknown }
    if (typeof format === 'number' && format > keyFileFormat) throw newer()
    const parsed = stored.safeParse(given)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      throw unreadable(`${issue!.path.join('.')}: ${issue!.message}`)
    }
    return parsed.data.keys.map(({ name, scope, sha256, created_at, expires_at }) => ({
      ...identified(Buffer.from(sha256, 'hex')),
      name,
      scope,
      createdAt: created_at,
      expiresAt: expires_at,
      isLong: true,
    }))
  }
}

function toStored({ name, scope, digest, createdAt, expiresAt }: ApiKey) {
  const sha256 = digest.toString('hex')
  return { name, scope, sha256, created_at: createdAt, expires_at: expiresAt }
}

function newer(): ConfigError {
  return new ConfigError(
    `DATA_DIR: ${keyFileName} was made by a newer Lookalike: start that one, or give this one another DATA_DIR.`,
  )
}

function unreadable(why: string): ConfigError {
  return new ConfigError(
    `DATA_DIR: ${keyFileName} cannot be read (${why}): mend it, or put a backup in its place. It holds ` +
      'the keys that `lookalike keys add` made.',
  )
}
