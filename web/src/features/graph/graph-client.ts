import type { Client } from '@lookalike/sdk'
import { useServer } from '../../server.ts'

/** A client to ask the graph with; null where the server keeps no graph. */
export function useGraphClient(): Client | null {
  const { client, library } = useServer()
  return library.info && library.info.graph !== 'none' ? client : null
}
