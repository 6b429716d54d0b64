import { fileURLToPath } from 'node:url'
import { Piscina } from 'piscina'
import { LookalikeError } from '../errors.ts'
import type { ReadQuery } from './query.ts'
import { checkedText } from './text.ts'
import type { Graphs } from './scope.ts'
import type { ReadUpdate } from './update.ts'
import type { Reading, ReadingTask } from './worker.ts'

/** Texts that may wait to be read: the longest takes some tenths of a second. */
const maxWaiting = 100
/** Longest that a text may wait and be read: nothing within the limits comes near it. */
const deadlineMs = 5000
const idleTimeoutMs = 30_000

let pool: Piscina<ReadingTask, Reading> | undefined

/**
 * Reads SPARQL 1.1 Query text without running it, in a thread: a long text takes time in which a server
 * would answer nobody.
 *
 * @throws LookalikeError `invalid_query` for what is no query; `query_refused` for SERVICE and for texts too
 * long or too deep; `graph_unavailable` when too many wait to be read
 */
export function readQuery(text: string): Promise<ReadQuery> {
  return read<ReadQuery>({ text })
}

/**
 * Reads SPARQL 1.1 Update text as changes of the writable graph.
 *
 * @throws LookalikeError as `readQuery` does; `query_refused` also for LOAD and for other graphs
 */
export function readUpdate(text: string, graphs: Graphs): Promise<ReadUpdate> {
  return read<ReadUpdate>({ text, graphs })
}

function openPool(): Piscina<ReadingTask, Reading> {
  const opened = new Piscina<ReadingTask, Reading>({
    filename: fileURLToPath(new URL('./worker.ts', import.meta.url)),
    minThreads: 0,
    maxThreads: 1,
    maxQueue: maxWaiting,
    idleTimeout: idleTimeoutMs,
  })
  // A pool whose thread the system refused makes no other one: the next text gets a new pool.
  return opened.on('error', () => {
    if (pool === opened) pool = undefined
  })
}

async function read<T>(task: ReadingTask): Promise<T> {
  const text = checkedText(task.text)
  pool ??= openPool()
  const reading = await pool
    .run({ ...task, text }, { signal: AbortSignal.timeout(deadlineMs) })
    .catch((error: Error) => {
      if (error.name !== 'AbortError' && !/at limit/.test(error.message)) throw error
      throw new LookalikeError(
        'graph_unavailable',
        'More graph queries come in than can be read. Try again later.',
        { retryAfter: 5, cause: error },
      )
    })
  if ('read' in reading) return reading.read as T
  throw new LookalikeError(reading.refused.code, reading.refused.message)
}
