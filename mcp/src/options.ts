import type { Client } from '@lookalike/sdk'

export interface McpOptions {
  readonly client: Client
  readonly version: string
  /** Whether pictures may be added; what the key opens holds besides. */
  readonly write: boolean
  /** Reads a file of the machine that asks; absent where the tools run on another. */
  readonly readFile?: ReadFile
}

/** @throws Error whose message says what is wrong with the path */
type ReadFile = (path: string) => Promise<Blob>
