import { createClient, type Client } from '../client.ts'

/** Where a command's words go: the process's own streams, seen through what a command needs of them. */
export interface Terminal {
  /** Results: what a pipe wants to have. */
  out(text: string): void
  /** Progress, warnings and questions: what a person wants to see. */
  err(text: string): void
  /** Whether a person can see a progress bar. */
  readonly showsProgress: boolean
  /** Whether a person can answer a question. */
  readonly canAsk: boolean
  /** Width of the terminal in columns; a terminal that does not say is taken to have 80. */
  columns(): number
}

/** What every command works with. */
export interface Session {
  readonly client: Client
  readonly terminal: Terminal
  /** Print JSON instead of text. */
  readonly json: boolean
}

const defaultUrl = 'http://127.0.0.1:8000'

export interface SessionOptions {
  url?: string
  json?: boolean
}

export function openSession({ url, json = false }: SessionOptions): Session {
  const apiKey = process.env['LOOKALIKE_API_KEY']
  return {
    client: createClient({
      baseUrl: url || process.env['LOOKALIKE_URL'] || defaultUrl,
      ...(apiKey ? { apiKey } : {}),
    }),
    terminal: processTerminal(),
    json,
  }
}

function processTerminal(): Terminal {
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    showsProgress: process.stderr.isTTY === true && process.env['TERM'] !== 'dumb',
    canAsk: process.stdin.isTTY === true && process.stderr.isTTY === true,
    columns: () => process.stdout.columns ?? process.stderr.columns ?? 80,
  }
}
