import { timingSafeEqual } from 'node:crypto'
import { LookalikeError } from '../errors.ts'
import { digestOf, hasExpired, identified, keyOfSettings, makeKeyText } from './api-key.ts'
import type { ApiKey, Scope } from './api-key.ts'
import { KeyFile } from './key-file.ts'

export interface NewKey {
  readonly name: string
  readonly scope: Scope
  /** ISO 8601. */
  readonly expiresAt: string | null
}

/** The keys that open this server: those of the settings, and those of `keys.json` as it is at the moment. */
export class Keys {
  readonly #file: KeyFile
  #ofSettings: readonly ApiKey[]
  #ofFile: readonly ApiKey[] = []
  #areAsked = false
  #trouble: string | null = null
  /** Told what is the matter with `keys.json`, while the keys that it had before hold. */
  onTrouble: (message: string) => void = () => {}

  /**
   * @param ofSettings API_KEYS
   * @throws ConfigError when `keys.json` cannot be read
   */
  constructor(dataDir: string, ofSettings: readonly string[]) {
    this.#file = new KeyFile(dataDir)
    this.#ofSettings = toKeys(ofSettings)
    this.#ofFile = this.#file.read()
  }

  /** Takes the API_KEYS of settings that were read again; `keys.json` is looked at anyway. */
  reload(ofSettings: readonly string[]): void {
    void this.areAsked
    this.#ofSettings = toKeys(ofSettings)
  }

  /**
   * Whether a key is asked for. Once it was, it stays so until the server starts anew: a file that is
   * taken away must not open everything.
   */
  get areAsked(): boolean {
    this.#areAsked ||= this.list().length > 0
    return this.#areAsked
  }

  /** All of them, also those that have expired. */
  list(): ApiKey[] {
    try {
      const { version } = this.#file
      this.#ofFile = this.#file.read()
      if (version !== this.#file.version) this.#trouble = null
    } catch (error) {
      this.#trouble = (error as Error).message
      this.onTrouble(this.#trouble)
    }
    return [...this.#ofSettings, ...this.#ofFile]
  }

  /** The key that a text is, in a time that says nothing of the others. */
  find(text: string): ApiKey | null {
    const digest = digestOf(text)
    return this.#valid().find((key) => timingSafeEqual(key.digest, digest)) ?? null
  }

  byId(id: string): ApiKey | null {
    return this.#valid().find((key) => key.id === id) ?? null
  }

  /**
   * Makes one. Its text is returned and kept nowhere.
   *
   * @throws LookalikeError `key_conflict` when the name is taken
   */
  add({ name, scope, expiresAt }: NewKey): { readonly key: ApiKey; readonly text: string } {
    if (this.#listToChange().some((known) => known.name === name)) {
      throw new LookalikeError(
        'key_conflict',
        `There is a key called ${name} already: revoke that first, or choose another name.`,
      )
    }
    const text = makeKeyText()
    const createdAt = new Date().toISOString()
    const made = { ...identified(digestOf(text)), name, scope, createdAt, expiresAt, isLong: true }
    this.#file.write([...this.#ofFile, made])
    return { key: made, text }
  }

  /**
   * @throws LookalikeError `not_found`; `key_conflict` for one of the settings, and for the last that may
   *   look after the others
   */
  revoke(name: string): void {
    const keys = this.#listToChange()
    if (this.#ofSettings.some((key) => key.name === name)) {
      throw new LookalikeError(
        'key_conflict',
        `${name} is one of API_KEYS: take it out of the settings, and start the server anew or send it SIGHUP.`,
      )
    }
    if (!keys.some((key) => key.name === name)) {
      throw new LookalikeError(
        'not_found',
        `There is no key called ${name}. GET /api/keys lists those there are.`,
      )
    }
    const left = keys.filter((key) => key.name !== name)
    if (!left.some((key) => key.scope === 'admin' && !hasExpired(key))) {
      throw new LookalikeError(
        'key_conflict',
        `${name} is the last key that may look after keys: make another with the scope admin first.`,
      )
    }
    this.#file.write(this.#ofFile.filter((key) => key.name !== name))
  }

  /** A file that somebody left in disorder is not written over. */
  #listToChange(): ApiKey[] {
    const keys = this.list()
    if (this.#trouble !== null) throw new LookalikeError('store_unavailable', this.#trouble)
    return keys
  }

  #valid(): ApiKey[] {
    const now = Date.now()
    return this.list().filter((key) => !hasExpired(key, now))
  }
}

function toKeys(texts: readonly string[]): ApiKey[] {
  return texts.map((text, at) => keyOfSettings(text, at + 1))
}
