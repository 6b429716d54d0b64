import { createClient, type Client } from '@lookalike/sdk'
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

export function openSession(
  { url, json = false }: SessionOptions,
  terminal: Terminal,
  env: NodeJS.ProcessEnv,
  onFailure: () => void,
): Session {
  const apiKey = env['LOOKALIKE_API_KEY']
  const baseUrl = url || env['LOOKALIKE_URL'] || defaultUrl
  return {
    client: createClient({ baseUrl, ...(apiKey ? { apiKey } : {}) }),
    terminal,
    json,
    fail: onFailure,
  }
}
