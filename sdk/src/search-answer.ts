import type { SearchResponse, StageEvent } from './contract.ts'
import { readJson } from './http.ts'

/**
 * Sends a search and reads its answer, told in events where somebody wants to hear of stages and the server tells them.
 * What reads events is loaded when it is first needed; where it cannot be, the answer comes without them.
 *
 * @param send given the media type that is asked for
 */
export async function searchAnswer<Answer extends SearchResponse>(
  send: (accept: string) => Promise<Response>,
  onStage: ((event: StageEvent) => void) | undefined,
  signal: AbortSignal | undefined,
): Promise<Answer> {
  const events = onStage ? await import('./search-events.ts').catch(() => null) : null
  const response = await send(events ? 'text/event-stream' : 'application/json')
  const isTold = response.headers.get('content-type')?.startsWith('text/event-stream')
  return onStage && events && isTold && response.body
    ? ((await events.readSearchEvents(response.body, onStage, signal)) as Answer)
    : readJson<Answer>(response, signal)
}
