import { createClient, type Client } from '@lookalike/sdk'
import { usageError } from './failure.ts'
import type { Terminal } from './terminal/terminal.ts'

/** What every command works with. */
export interface Session {
  readonly client: Client
  readonly terminal: Terminal
  /** Print JSON instead of text. */
  readonly json: boolean
  /** Notes that something failed, though the command went on. */
  readonly fail: () => void
}

const defaultUrl = 'http://127.0.0.1:8000'

export interface SessionOptions {
  url?: string
  json?: boolean
}

/** @throws CommandError for an address or a key that no request could be sent with */
export function openSession(
  { url, json = false }: SessionOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
  onFailure: () => void,
): Session {
  const apiKey = env['LOOKALIKE_API_KEY']
  const baseUrl = url || env['LOOKALIKE_URL'] || defaultUrl
  if (!/^https?:/i.test(baseUrl) || !URL.canParse(baseUrl)) {
    const name = url ? '--url' : 'LOOKALIKE_URL'
    throw usageError(`${name} must be an http address, such as ${defaultUrl}, not '${baseUrl}'.`)
  }
  const { username, password } = new URL(baseUrl)
  if (username || password) {
    throw usageError(
      'The address of the server must hold no user and no password: set LOOKALIKE_API_KEY to a key of it.',
    )
  }
  if (apiKey && !/^[\x21-\x7e]+$/.test(apiKey)) {
    throw usageError('LOOKALIKE_API_KEY holds a space, a line break or a letter that no key has.')
  }
  return {
    client: createClient({ baseUrl, ...(apiKey ? { apiKey } : {}) }),
    terminal,
    json,
    fail: onFailure,
  }
}
