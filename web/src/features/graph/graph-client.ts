import { createContext, useContext } from 'react'
import type { Client } from '@lookalike/sdk'

const GraphClient = createContext<Client | null>(null)

/** Gives what lies within a client to ask the graph with; null where the server keeps no graph. */
export const GraphClientProvider = GraphClient.Provider

export function useGraphClient(): Client | null {
  return useContext(GraphClient)
}
