import { createContext, useContext } from 'react'
import type { Client } from '@lookalike/sdk'
import type { Library } from './features/library/use-library.ts'

/** What every view may use: the server, what it says of itself, and the door. */
export interface Server {
  client: Client
  library: Library
  /** Asks the server for `library` again. */
  reload: () => void
  /** To be told of errors: one that says that a key is needed leads to the way in. */
  refuse: (error: unknown) => void
}

const Context = createContext<Server | null>(null)

export const ServerProvider = Context.Provider

export function useServer(): Server {
  const server = useContext(Context)
  if (!server) throw new Error('Outside of ServerProvider')
  return server
}
