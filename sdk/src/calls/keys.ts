import type { Key, KeyScope, MadeKey } from '../contract.ts'
import { jsonBody, readJson, type Cancellable, type Http } from '../http.ts'

export interface KeyOptions extends Cancellable {
  /** `read` is what is taken where none is named. */
  scope?: KeyScope
  /** When it ends, ISO 8601; never when absent. */
  expiresAt?: string
}

/** The calls that look after the server's keys; each needs one with the scope `admin`. */
export function keyCalls(http: Http) {
  return {
    async keys({ signal }: Cancellable = {}): Promise<Key[]> {
      const list = await readJson<{ keys: Key[] }>(await http('/api/keys', { signal }), signal)
      return list.keys
    },

    /** Makes a key; `key` in the answer is the only place where it ever stands. */
    async addKey(
      name: string,
      { scope = 'read', expiresAt, signal }: KeyOptions = {},
    ): Promise<MadeKey> {
      const body = jsonBody({ name, scope, expires_at: expiresAt ?? null })
      return readJson(await http('/api/keys', { method: 'POST', ...body, signal }), signal)
    },

    /** Takes a key away, and the sessions that began with it. */
    async revokeKey(name: string, { signal }: Cancellable = {}): Promise<void> {
      await http(`/api/keys/${encodeURIComponent(name)}`, { method: 'DELETE', signal })
    },
  }
}
