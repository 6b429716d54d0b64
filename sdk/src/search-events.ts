import { EventSourceParserStream, type EventSourceMessage } from 'eventsource-parser/stream'
import { isProblem, LookalikeApiError, LookalikeConnectionError } from './errors.ts'
import type { SearchResponse, StageEvent } from './contract.ts'

/**
 * Follows a search told as server-sent events: any number of `stage` (StageEvent), then one `result`
 * (SearchResponse) or one `error` (Problem). Events of other names are left alone, so that a newer
 * server can say more.
 *
 * @throws LookalikeApiError for an `error` event; LookalikeConnectionError when the stream ends early
 */
export async function readSearchEvents(
  body: ReadableStream<BufferSource>,
  onStage: (event: StageEvent) => void,
  signal?: AbortSignal,
): Promise<SearchResponse> {
  try {
    for await (const message of messages(body)) {
      const data: unknown = JSON.parse(message.data)
      if (message.event === 'stage') onStage(data as StageEvent)
      if (message.event === 'result') return data as SearchResponse
      if (message.event === 'error' && isProblem(data)) throw new LookalikeApiError(data)
    }
  } catch (cause) {
    signal?.throwIfAborted()
    if (cause instanceof LookalikeApiError) throw cause
    throw interrupted(cause)
  }
  throw interrupted()
}

// A reader instead of the stream's own async iterator, which some current browsers still lack.
async function* messages(body: ReadableStream<BufferSource>): AsyncGenerator<EventSourceMessage> {
  const reader = body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } finally {
    reader.cancel().catch(() => {})
  }
}

function interrupted(cause?: unknown): LookalikeConnectionError {
  return new LookalikeConnectionError(
    'The connection to Lookalike was lost before the answer arrived. Try again.',
    { cause },
  )
}
